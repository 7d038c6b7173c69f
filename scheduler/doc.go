// Package scheduler knows when: it keeps the table of due things moving and
// runs the operator's calendar.
//
// Everything that happens to one person at a time (a reminder, a nudge, the end
// of a hold) is a [Job], a row in one table in the order of its time. The
// [Runner] sleeps until the next one is due, hands what is due to the committer
// and sleeps again. The [Calendar], over robfig/cron, is for the few schedules
// of the house (housekeeping) and holds no state.
//
// Called by bot. A job that was handed over but not committed when the program
// died fires again after the restart; once committed it never fires again. A
// job is taken out of the table in the transaction that carries it out, and
// planning it anew replaces it, so that rescheduling is always safe. Times
// missed while the program was down are caught up once, unless their deadline
// has passed.
//
// Runner and Calendar are one goroutine each; their methods may be called from
// any.
package scheduler
