// Package programme is the centre's work as rules: training classes, seats,
// the waiting list, offers of freed seats, reminders and attendance;
// self-checks and what follows from them; requests for an assessment on site.
//
// The committer calls it inside the transaction of a turn, the staff's commands
// inside one of their own. An action reads and writes through [Records], gets
// the time (and, for ids, the randomness) handed in, and returns what people
// are to be told as [Notice] values; sending and planning are the caller's.
// There is no I/O, no clock and no state here.
//
// # Who gets a seat
//
//   - A class takes registrations while it is open. With a seat free a person is
//     seated at once, else put on the waiting list, in the order of arrival.
//   - One person is in a class once ([Registration.SamePerson]); an enterprise
//     holds at most Class.PerEnterprise seats, where that is set.
//   - A freed seat is offered to the first in line for a hold time that never
//     outlasts the start of the class. The offered seat counts as held, and the
//     one it is offered to has left the line. Whoever's enterprise is at its
//     limit is passed over and keeps the place.
//   - Who declines is out of the class; to come back means to register anew, at
//     the end of the line. So nobody is offered what they just declined.
//   - Who lets an offer run out goes behind everybody else in line. A seat freed
//     in that way is offered only to those who have not let one run out, or two
//     silent people would be written to in turn until the class starts. While
//     the seat stays free, whoever let it run out may still take it, and so may
//     anybody who registers.
//   - Closing registration does not stop the line: freed seats are offered until
//     the class starts. After that nothing moves.
//
// Everybody whose place in line improves is told once per change.
//
// # Concurrency and crashes
//
// Actions must not run at the same time on the same records: the store's single
// writer sees to that. An action that returns an error may have written part of
// its work, so the caller undoes the transaction; after a crash either all of an
// action is there or nothing. Actions may be repeated: taking a seat one has,
// declining what was declined and cancelling what is cancelled change nothing.
// Values returned belong to the caller; maps and slices in them must not be
// changed.
package programme
