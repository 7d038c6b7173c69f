package terminal

import (
	"context"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Bot is the conversation as the terminal sees it. Its methods are never called
// at the same time and return soon after ctx ends.
type Bot interface {
	// Say commits one thing the person did and returns once it is on disk, with
	// every entry of the transcript numbered above after, oldest first. The
	// person's own entries may be among them and are not shown. label is what
	// the person saw on a button pressed, else empty.
	Say(ctx context.Context, in dialogs.Input, label string, after uint64) ([]channel.Entry, error)
	// News returns the entries numbered above after, waiting until there is one
	// or ctx ends: reminders and offers arrive while the person thinks. It may
	// return none before that and is asked again.
	News(ctx context.Context, after uint64) ([]channel.Entry, error)
	// Last returns the end of the transcript, at most limit entries, oldest
	// first, for who comes back; none for a newcomer.
	Last(ctx context.Context, limit int) ([]channel.Entry, error)
	// Save writes a media file that an entry carries to disk and returns its
	// path.
	Save(ctx context.Context, seq uint64, index int) (path string, err error)
}

// Options fit a conversation to the terminal it is held in. The zero value is
// for output that is not a terminal: plain text, 80 columns, Vietnamese.
type Options struct {
	// Lang is the language of the terminal's own words until the bot's texts
	// show another; empty: Vietnamese.
	Lang dialogs.Lang
	// Colour allows ANSI colours and bold. Leave it off where the output is no
	// terminal or NO_COLOR is set.
	Colour bool
	// Width is how many columns a line may have; 0: 80. At least 20 are used.
	Width int
	// Interactive says that a person types at a prompt, which echoes what is
	// typed. Else no prompt is shown and each line read is written out, so that
	// the output is a transcript.
	Interactive bool
}

const (
	defaultWidth = 80
	minWidth     = 20 // less leaves no room for words
)

func (o Options) width() int {
	if o.Width == 0 {
		return defaultWidth
	}
	return max(o.Width, minWidth)
}

// Name is the channel part of the addresses of those who talk in a terminal.
const Name = "terminal"

// Capabilities says what a terminal can show. It has no buttons: choices are
// numbered here, not in the text, and a button that shares the person's number
// asks for it to be typed.
func Capabilities() channel.Capabilities {
	return channel.Capabilities{Pull: true, Marked: true, Pictures: true, Files: true}
}
