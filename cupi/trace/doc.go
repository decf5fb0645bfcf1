// Package trace writes down what a client and a CUPI server say to each other, so that it can
// be shown to others: as a bug report, or as a recording that the simulator is held against.
//
// # The file
//
// Each line is one JSON object. The first is the [Header], each other an [Exchange]: one request
// and what came of it. A body is JSON as it travelled, or a text. [Read] reads such a file.
//
// # What is replaced
//
// Whatever could tell of people, servers or secrets is replaced by a mark, such as user-1,
// alias-3 or extension-2. The same value, in any case, has the same mark in the whole file,
// in paths, queries, headers and bodies, so that relations stay readable. What a mark stands
// for is kept nowhere. A PIN or password is "secret", and no two of them can be compared.
//
// A value is replaced unless something says that it tells nothing: true and false, numbers of
// up to three digits in fields that are not about people, longer ones in fields that measure,
// times, and the words of a list ([standardValues], [plainWords]) that every server has. So
// what nobody thought of is replaced, and not shown. A value that is the same as a secret of
// the client is never shown, whatever its field.
//
// # Limits
//
// Of a list the first three elements are shown, and of other bodies 32 KiB. A file ends at
// 64 MiB, and says so.
//
// # Comparing
//
// [Differences] compares what two servers answered to the same request: status, format, error
// code and the fields that are there, and not the values. [Values] gives what marks
// stand for on another server, so that a recording can be sent to it.
package trace
