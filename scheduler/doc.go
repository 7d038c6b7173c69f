// Package scheduler knows when: it keeps the table of due things moving and
// runs the operator's calendar.
//
// Everything that happens to one person at a time (a reminder, a nudge, the end
// of a hold) is a [Job], a row in one table in the order of its time. The
// [Runner] sleeps until the next one is due, hands what is due to the committer
// and sleeps again. robfig/cron is used for the few schedules of the house
// (housekeeping) and holds no state: what it starts is written down as a [Run].
//
// Called by bot. A job that was handed over but not committed when the program
// died fires again after the restart; once committed it never fires again. A
// job whose version is not the one in the table any more is ignored, so that
// rescheduling is always safe. Times missed while the program was down are
// caught up once, unless their deadline has passed.
//
// The Runner is one goroutine; its methods may be called from any.
package scheduler
