// Package audio is about recordings: voice names and greetings.
//
// To the rest of the program a recording is one field of an object, and its value is a [Digest]:
// so it is compared, journalled, read back and undone like a title. The sound itself never is in
// memory as a whole. A [Store] knows in which file the sound of a digest is: in one that the input
// names, which [Store.Check] has looked through, or in the folder of a run, where [Store.Receive]
// keeps what was on the server before.
//
// What a file may hold follows the REST API FAQ of Cisco Unity Connection and its page about
// greetings: WAV, one channel, 8,000 samples a second, as linear PCM, G.711, G.726, G.729a or GSM.
package audio
