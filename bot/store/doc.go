// Package store keeps everything in one bbolt file and is the only room that
// knows bbolt.
//
// The other rooms own the interfaces they need (programme.Records,
// outbox.Queue, scheduler.Planner, the committer's own); [Tx] implements those
// used inside a transaction and [Store] those used outside. buckets.go is the
// table of all buckets with their owners and key layouts; codecs begin with a
// version byte; migrations run at open, each in its own transaction.
//
// There is one writer at a time and any number of readers beside it. What was
// committed survives a crash (two fdatasync a commit); what was not leaves no
// trace. One process owns the file: a second one gets [ErrInUse].
package store
