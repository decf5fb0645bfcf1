// Command bench measures the program against what a user would do without it, on
// one machine and in one run, and prints the tables as Markdown:
//
//	go run ./bench -quick     # about three minutes
//	go run ./bench            # the tables in docs/bench.md: about a quarter of an hour
//	go run ./bench -only gate # one part of them
//
// What is compared runs in turns, and the median counts, so that a busy machine
// moves both sides alike: trust the ratios. The program is built first and runs as
// a process of its own, so its memory and processor time are its own too; the
// simulated server is in this process. The engine alone, and the bare loop that it is
// compared with, are processes of their own too: this program starts itself for each.
package main
