// Package probe asks a real server what only a real server knows, and leaves it as it was.
//
// # The walk
//
// tries.txt is a table of requests. On one user of its own, whose alias has a random mark, the
// walk goes through every part that a row can have: it is set, read back, changed, cleared and
// undone. It asks for what must be refused, where the refusal does no harm, and how lists have
// pages. One request is on its way at a time. What would change anything but that user and its
// parts is not sent ([walk.harmless]), whatever the table says.
//
// # Beside it
//
// The same walk, with the same values, goes to the simulator. Answers are compared in what a
// client goes by: status, format, error code, the fields that are there, how many elements
// there are, and of what the walk itself sent, what comes back. Where they differ, the settings
// of the simulator are tried one by one, and those that bring it nearer are kept: they say how
// to set it so that it answers as this server does.
//
// # The file
//
// The exchanges of the server, masked by package trace, are a recording. What the walk made up
// stands in it as it is.
//
// # Cleaning up
//
// Before the request that makes the user, a small file is on the disk that names its alias, and as
// soon as the server has told its ObjectId, that too ([own]). Whatever happens, the user is
// deleted at the end; after a kill [Clean] does it by that file. A user is deleted only if its
// ObjectId and its alias are those of the file. One whose ObjectId was never told must show a
// second random mark besides.
package probe
