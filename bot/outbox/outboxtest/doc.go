// Package outboxtest holds a store to what the outbox asks of it: the promises
// of [outbox.Queue] and [outbox.Ledger], one test each, against the real thing.
//
// Called by the tests of whatever implements them.
package outboxtest
