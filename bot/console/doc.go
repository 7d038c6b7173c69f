// Package console is how programs, and later the staff's pages, use the centre
// over HTTP: the routes under /api/v1, who may use which, and how what is wrong
// is said. It knows HTTP only: the rules are those of bot/programme and
// bot/desk, and what it reads and writes goes through interfaces of its own,
// which package bot implements. It never imports the store or a channel.
//
// Every answer to a wrong request is a problem document (RFC 9457) in English,
// or in Vietnamese where the request asks for it. A program shows a token; the
// role of the token decides which routes it may use. A POST with an
// Idempotency-Key is carried out once: what was done and the answer to give
// again are kept in one transaction (see desk.Deed), so that neither a crash
// nor two requests at once do it twice.
//
// An [API] is safe for concurrent use and holds nothing that a crash could
// lose. Nothing of it is made before the first request: making the routes and
// their description takes longer than the whole program takes to start.
package console
