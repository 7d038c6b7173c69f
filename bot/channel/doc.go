// Package channel is the contract of a network: what a channel tells the bot,
// what the bot asks of a channel, and the closed set of ways in which sending
// can fail. Channels (telegram, webchat, terminal, …) implement it and never
// import each other; package bot wires them; the outbox sends through it.
//
// Two kinds of network exist. A pushing one (Telegram, Zalo) is sent to: its
// channel is a [Sender] and messages leave through the outbox. A pulling one
// (web page, terminal) reads the transcript itself: what is committed there is
// delivered, exactly once, and needs no outbox.
//
// Values here are plain and may be copied; implementations of the interfaces
// are safe for concurrent use.
package channel
