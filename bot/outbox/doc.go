// Package outbox sends what waits to leave.
//
// A [Row] is written in the same transaction as the state it belongs to, so a
// message and the reason for it exist together or not at all. One [Outbox] per
// channel takes rows from the [Queue] (which bot/store implements), hands them
// to the channel and writes down what became of them. Called by bot.
//
// # What it promises
//
//   - Two lanes: replies leave before bulk, and within a lane an address gets its
//     rows in the order of their ids, one at a time.
//   - One budget per channel, never more than [Pace.PerSecond] sendings begun in
//     any sliding second, and one per address. Bulk leaves evenly, at the rate that
//     the network was found to take ([scheduler.Adaptive]); replies are not slowed,
//     and while people talk bulk leaves them places free (reserve.go).
//   - Typed errors decide ([channel.SendError]): try again after a back-off with
//     jitter, send as plain text, cut shorter, shut the address, give up. A
//     request to wait stops the whole channel, not the message, and counts no
//     attempt. Given up means a dead letter that says why and can be revived.
//   - Memory is flat: rows are leased in pages of about half a second's worth,
//     however many wait.
//
// # Crashes
//
// A row is leased before it is sent and settled after it, each in a transaction
// that covers many rows. What was leased when the program died is sent again
// and labelled as possibly repeated; what was not leased was surely not sent;
// nothing is lost. Settlements wait at most a quarter of a second for company,
// which is therefore how much of a broadcast a crash can repeat. While they
// cannot be written nothing more is leased, so a store that fails repeats no more
// than a crash does; one row whose broadcast cannot be read is settled by itself
// ([Uncounted]) and holds up nothing.
//
// # States of a row
//
//	queued ──Lease──▶ leased ──taken──▶ sent   (kept without its text)
//	   ▲                │ │
//	   ├──try again─────┘ └──given up──▶ dead ──Revive──▶ queued
//	   └──lease ran out, or Recover: possibly repeated
//
// An Outbox is safe for concurrent use; Run is called once.
package outbox
