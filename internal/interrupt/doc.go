// Package interrupt presses Ctrl-C for the tests, on every system. A program that
// [Prepare] has prepared hears [Send]; on Windows that takes a console of its own, because
// whatever is typed there is heard by everything that shares a console.
package interrupt
