// Package telegramtest is a stand-in for Telegram: a Bot API server that is as
// strict as the real one, and the people who talk to the bot through it. Two
// use it: the tests of the Telegram channel, over HTTP or in process inside a
// synctest bubble, and the demo, which runs the bot on it and shows [Server.Page],
// a page on which one plays a person.
//
// The server answers with the texts and codes of the official server (the
// sources are named beside the rules) and besides keeps a list of
// [Server.Violations]: everything a well-behaved bot never does although
// Telegram often lets it pass, such as a parameter that does not exist, a request
// during a wait that it was told of, or a message that precedes the answer to
// the button it belongs to. A test ends with that list being empty.
//
// Networks fail in ways that no well-meaning server shows, so faults can be
// ordered: refusals, pages of HTML, lost answers, repeated and overtaking
// updates; see [Server.FailNext], [Server.Hang], [Server.Redeliver] and
// [Server.HoldBack].
//
// Everything is safe for concurrent use and lives in memory; nothing outlives
// the process. The server waits on nothing but channels and timers, so that the
// fake clock of synctest drives it. [Server.Close] ends all its goroutines.
package telegramtest
