// Package telegram is the bot on Telegram: it fetches what people do by long
// polling ([Telegram.Poll]) or takes it by webhook ([Telegram.Webhook]), and
// sends what the outbox hands it ([Telegram.Send]). The running program makes
// one [Telegram] and wires it; this package knows no store and no flow, only
// the three things it is given: a receiver, [Files] and [Notes].
//
// The library telegram-bot-api gives the types and builds the requests
// (MakeRequest, UploadFiles), under an HTTP client of our own: that one knows
// contexts, keeps the token out of every error, caps what it reads and says
// whether a request can have been taken. The library's constructors and its
// own polling and webhook are not used: they lose updates, leak the token and
// cannot be stopped.
//
// # What it promises
//
//   - What arrived is acknowledged (the offset moves, the webhook answers 200)
//     only after the receiver kept it. What the receiver refused comes again.
//   - One gate for the whole bot: after a 429 on any method no request leaves
//     until the time Telegram named is over. Send says so at once and asks
//     nothing.
//   - A pressed button is answered before anything is sent to its chat.
//   - Every failure of a sending has its right [channel.ErrorKind]; what may
//     have been taken is called uncertain, what surely was not temporary.
//   - Groups get one pointer to the private chat and nothing else; nothing said
//     in them reaches the receiver.
//   - The token is in no log, no error and no note.
//
// Everything here is safe for concurrent use, Poll once at a time.
//
// # Crashes
//
// The package keeps nothing that must survive except through [Notes]. Updates
// that were kept and not confirmed come again under the same id. A message of
// several parts (a text and its files) remembers in memory which parts were
// taken, so that an attempt after a 429 goes on where the last one stopped;
// after a crash it begins again, which the outbox labels.
package telegram
