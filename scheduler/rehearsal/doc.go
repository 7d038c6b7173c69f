// Package rehearsal plays a broadcast, or the next days of all campaigns,
// before it is real: who would get it and when, who not and why, how long it
// takes, and what the networks would say to it.
//
// It is a world of its own on a virtual clock: events in the order of their
// time, on one side networks with limits, quotas, delays and bad days, on the
// other what the program does. The rules of our side are not written a second
// time: [scheduler.Gate] decides, [scheduler.Windows] opens and closes,
// [scheduler.Sent] counts caps, [scheduler.Pacer] and [scheduler.Adaptive] keep
// the pace, [scheduler.Campaigns] say what is due. What is copied in little is
// the outbox: two seconds' worth handed over ahead and taken back when the
// clock closes, some sendings in flight at once, the waits of an outage.
//
// Called by bot for the command rehearse. A [Stage] and what is played on it
// belong to one goroutine. There is no I/O, no sleeping and no randomness but
// that of the caller: the same people, seed and faults give the same report. A
// broadcast takes some 50 bytes a recipient however long it lasts, campaigns
// what their contacts take.
package rehearsal
