// Package terminal is the conversation in a terminal, for people ([Talk]) and
// for programs ([TalkJSON], one JSON object a line each way). The command
// `chat` calls one of the two with a [Bot] that lives in the same process or
// behind the socket of a running server; this package cannot tell which.
//
// The terminal is a pulling network: what is committed to the transcript is
// delivered, and nothing is sent. It degrades a message by itself: buttons get
// numbers, **strong** runs become bold or plain, a picture becomes its
// description and a link to a file.
//
// A conversation runs in the goroutine of its caller; calls of its [Bot] never
// overlap. Input is read in a goroutine of its own, so that a conversation ends
// with its context though nobody types; that goroutine ends when its input
// does. A crash loses nothing that was answered: every line is on disk before
// its answer is shown, and whoever comes back sees the last exchange again.
package terminal
