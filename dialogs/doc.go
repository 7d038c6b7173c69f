// Package dialogs is the conversation engine: it knows what to say next.
//
// A turn is a pure step. Given the library of flows, a person's session, what
// is known of the contact, one input and the time, [Engine.Turn] moves the
// session on and returns the events of the turn: what was said, answered,
// learned, agreed to, and which action of the programme is wanted. Whoever
// commits the turn derives everything else from those events: what to store,
// to send, to register, to count. There is no I/O, no clock and no randomness
// here, so a turn can be replayed, previewed and tested as plain values.
//
// The package also owns the words of the field that other rooms share:
// [Contact], [Message], [Flow], [Node], [Session], [Event].
//
// Called by bot (the committer), content (loading and checking flows) and
// dialogstest. A [Library] and an [Engine] are immutable and safe for use by
// any number of goroutines; a [Session] and a [Contact] belong to the one turn
// that loaded them. Nothing here survives a crash but what the caller wrote.
package dialogs
