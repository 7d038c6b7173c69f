// Package scheduler knows when: what falls due, when a push may leave and
// whether it may, what campaigns want, and the operator's calendar.
//
// Everything that happens to one person at a time (a reminder, a nudge, the end
// of a hold, a point of a campaign) is a [Job], a row in one table in the order
// of its time. The [Runner] sleeps until the next one is due, hands what is due
// to the committer and sleeps again. The [Calendar] is for the few schedules of
// the house (housekeeping); robfig/cron expands their times, and records of
// their runs ([Run]) say what was missed.
//
// [Days] knows working days and holidays, [Windows] the hours, and a [Gate]
// decides about one [Push] for one [Person]: send, postpone or drop, with the
// [Reason]; what became of each is its [Fate]. [Campaigns] say what is sent by
// plan; [Replan] brings the table in line with an edited plan without repeating
// anything. [Adaptive] finds the rate that a network takes, and a [Pacer] keeps
// it. All of these get the time handed in and do no I/O.
//
// A [Broadcast] is one message to everybody of a [Segment]; [Casting] carries it
// out within the caller's transactions. It is first planned: the contacts are
// walked over in the order of their ids, and each that the segment means becomes
// a [Recipient], waiting or skipped with its reason. Who came after it began is
// not in. Then it is fed to the outbox, as much as that has room for; there the
// stages that look at the clock, the person and what else they were sent are
// held against it again. Cursors, recipients and counts are kept in the same
// transaction, so that a crash neither loses nor repeats anybody, and the counts
// add up at every commit.
//
// Called by bot and its outbox, and by content, which reads the tables. A job that was handed
// over but not committed when the program died fires again after the restart;
// once committed it never fires again. A job is taken out of the table in the
// transaction that carries it out, and planning it anew replaces it, so that
// rescheduling is always safe. Times missed while the program was down are
// caught up once, unless their deadline has passed.
//
// Runner and Calendar are one goroutine each; their methods may be called from
// any, but for Calendar.Add. Days, Windows, Gate and
// Casting are immutable.
package scheduler
