// Package cupitest is a simulator of the provisioning interface (CUPI) of Cisco Unity Connection.
//
// A [Server] is an [net/http.Handler] whose zero value is ready for use: hand it to httptest.NewServer, or to a
// http.Server on loopback, and point a client at it. Everything is kept in memory. It starts with what a fresh
// server has: two built-in users, three templates, and the lists that names are looked up in. [Server.AddUsers]
// adds users, [Server.Save] and [Server.Load] keep the state in a file.
//
//	var server cupitest.Server
//	web := httptest.NewServer(&server)
//	defer web.Close()
//
// # Its own rules
//
// The package imports nothing of this project. Its codec, its field tables and its rules are written from the
// vendor's pages and public clients alone, apart from those of the client, so that one misreading can't hide in both. The
// folder tables has every resource with its fields, and the source of each.
//
// # Oddities
//
// It answers as real servers were recorded to: one element is an object and not an array, an empty list has no
// element at all, every JSON value is a string, a list entry shows a quarter of the fields, a 201 has a plain text
// body and a Location with its path doubled, a PUT of an unknown id is a 400 and not a 404, and a 401 is a web page.
// Where the documents disagree or say nothing there is a switch, a field of [Server], that is off when zero; [Switches]
// lists them, and [Server.Set] turns one by its name.
//
// # Capacity and faults
//
// A server works on few requests at a time ([Server.Slots]) and lets the others wait ([Server.Queue],
// [Server.QueueTimeout]); [Server.Latency] is how long each takes. A request goes on to its end when its client has
// left. [Faults] sets how often each kind of failure strikes, [Server.Fault] decides request by request. Rates
// are drawn from [Server.Seed] and from the request itself, so a run has the same faults in whatever order its
// requests arrive. All waits use the plain time package and work inside testing/synctest.
//
// # Observing
//
// [Server.Requests] counts what arrived, [Server.Unknown] tells which requests no route knew, [Server.OnChange] sees each
// change before it happens, and [Server.Snapshot] is what to compare before and after.
//
// # What it does not simulate
//
// Telephony; replies and forwarded messages, and silence stands for the sound of those that callers left (see
// [Server.PutMessages]); replication between the servers of a cluster; LDAP, but for the import of those whom
// [Server.AddDirectoryUser] put there; what a tenant has of its own; the history of PINs and passwords and their
// expiry; the limits of licences; the redirect from http to https. Codes and texts of errors are real only for NOT_FOUND and for a PUT of an unknown id: the vendor
// publishes no others. Rules that the vendor leaves open are decided strictly, so that a client that passes here asks
// little of the real server.
package cupitest
