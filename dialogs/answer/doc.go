// Package answer understands what a person typed: Vietnamese with or without
// its marks, in any normal form, case and tone placement, wrapped in courtesy,
// or plain English.
//
// The engine calls it on every turn. [Menu.Pick] finds the choice or command
// meant; the readers ([Name], [Phone], [Email], [TaxCode], [Date], [Decimal],
// [Integer], [YesNo]) turn free text into one value, a few candidates to be
// echoed back, or a [Problem] that says why not. What is close but not equal is
// offered, never guessed: marks that were typed are believed, so "Dũng" is
// never "dừng".
//
// Everything here is a pure function of its arguments: no clock, no
// randomness, no I/O. The only package state is immutable tables, so all
// functions, and a [Menu] once made, may be used from many goroutines at once.
// No input makes a reader panic, and no result holds anything but valid UTF-8
// in normal form C.
package answer
