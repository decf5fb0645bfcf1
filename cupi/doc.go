// Package cupi is a client for CUPI, the REST interface through which Cisco
// Unity Connection lets an administrator create, read, change and delete users.
//
// A program makes one [Client] with [New], builds a [Request] with a function
// such as [GetUser], [CreateUser] or [List], and hands it to [Client.Do]. What
// comes back is an [Answer], or an [*Error] that says what kind of failure it
// was and whether the request left this computer.
//
// # One attempt a call
//
// Do makes one attempt. It never retries, because only the caller knows what a
// second attempt may cost: a POST that is sent twice is two users. The single
// exception is a session that has expired. The server then answers 401 and has
// done nothing, so the client signs in again and sends the same request again.
//
// # Objects
//
// A resource is an [Object]: field name to text, flat, spelled as CUPI spells
// it. Numbers stay text ("0042" stays "0042"). A field that is absent is NULL on
// the server, a field that is empty is an empty text. On writing, a field that
// is absent is left as it is, and an empty one is cleared.
//
// Reading is tolerant, because the server and its documents disagree: a list of
// one is an object and not an array, the plural wrapper is sometimes there, the
// total is spelled in three ways, values carry blanks. Writing is strict: sorted
// names, text values, and no character that XML would quietly replace.
//
// # Session
//
// The password goes out with the first request only, and that request goes
// alone. The cookies of its answer carry all later ones. A 401 in answer to the
// password is final: the client remembers it and sends nothing more, because a
// few wrong passwords lock the account.
//
// # Trust
//
// TLS 1.2 or newer, always verified: by the system's authorities, by a CA file,
// or by a pin of the server's public key (see [Fingerprint]). Plain http is
// accepted on loopback only. Proxies are not used and redirects are not followed.
//
// # Limits
//
// An object or an error may hold 1 MiB, a page of a list 64 MiB. An object id
// goes into a path only if it is made of letters, digits, "-" and ".". A query
// has one clause, because older releases know no more.
package cupi
