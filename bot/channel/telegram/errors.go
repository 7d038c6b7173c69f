package telegram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/channel"
)

// apiError is Telegram's refusal of a request.
type apiError struct {
	method string
	code   int           // the HTTP status
	text   string        // Telegram's words; they may quote what was sent
	after  time.Duration // how long to wait, with code 429
	moved  int64         // the chat's new id, where Telegram named one
}

// quoted is what Telegram repeats of a request in its refusal.
var quoted = regexp.MustCompile(`"[^"]*"`)

// Error repeats Telegram's words without what they quote.
func (e *apiError) Error() string {
	text, _, cut := strings.Cut(e.text, "entities: ")
	if cut {
		text += "entities"
	}
	text = quoted.ReplaceAllString(text, `"…"`)
	if runes := []rune(text); len(runes) > 150 {
		text = string(runes[:150]) + "…"
	}
	return fmt.Sprintf("%s: Telegram answers %d %s", e.method, e.code, text)
}

// wireError is a request that got no answer of Telegram.
type wireError struct {
	method string
	sent   bool // it may have reached Telegram
	status int  // what was answered instead; 0: nothing
	err    error
}

var errNotTelegram = errors.New("not an answer of Telegram")

// Error says what was tried; the cause holds no address and no secret.
func (e *wireError) Error() string {
	if e.status > 0 {
		return fmt.Sprintf("%s: status %d: %v", e.method, e.status, e.err)
	}
	return fmt.Sprintf("%s: %v", e.method, e.err)
}

// Unwrap returns the cause.
func (e *wireError) Unwrap() error { return e.err }

// shutError is a request that was not made, since Telegram wants none now.
type shutError struct{ left time.Duration }

// Error says how long that lasts.
func (e *shutError) Error() string {
	return fmt.Sprintf("Telegram asked to wait, %v are left", e.left.Round(time.Second))
}

// isDial says that no connection came about, so nothing was sent.
func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// meaning is what a failed request means for what comes next.
type meaning uint8

const (
	fine       meaning = iota // it did not fail
	refused                   // it will never be taken
	unsure                    // it may have been taken
	unsent                    // it surely was not taken
	wait                      // too many requests
	gone                      // the person cannot be written to
	badMarkup                 // the markup was not understood
	tooLong                   // the text or caption is too long
	shutOut                   // the token is not known
	conflict                  // somebody else takes the updates
	moved                     // the chat has another id
	same                      // an edit would change nothing
	uneditable                // an edit is not possible any more
	lostFile                  // a file sent by its id has to be uploaded again
	noPhoto                   // a picture that has to go as a document
)

// codes are the meanings that need no words, texts those of a 400, by a part of
// Telegram's words in lower case. Telegram says the same kind of thing under
// one code only, and that its words may change: what is not found is refused.
// The words are those of the Bot API server (tdlib/telegram-bot-api, Client.cpp)
// and of tdlib/td, read in 2026.
var (
	codes = map[int]meaning{401: shutOut, 403: gone, 404: shutOut, 409: conflict, 429: wait}
	texts = []struct {
		part  string
		means meaning
	}{
		{"message is not modified", same},
		{"message to edit not found", uneditable},
		{"message can't be edited", uneditable},
		{"message_id_invalid", uneditable},
		{"message identifier is not specified", uneditable},
		{"there is no text in the message to edit", uneditable},
		{"can't parse entities", badMarkup},
		{"message is too long", tooLong},
		{"text is too long", tooLong},
		{"caption is too long", tooLong},
		{"caption_too_long", tooLong},
		{"chat not found", gone},
		{"user not found", gone},
		{"peer_id_invalid", gone},
		{"input_user_deactivated", gone},
		{"wrong file_id or the file is temporarily unavailable", lostFile},
		{"wrong file identifier", lostFile},
		{"wrong remote file identifier", lostFile},
		{"file_reference_", lostFile},
		{"can't use file of type", lostFile},
		{"photo_invalid_dimensions", noPhoto},
		{"photo_ext_invalid", noPhoto},
		{"photo_save_file_invalid", noPhoto},
		{"image_process_failed", noPhoto},
	}
)

// meaningOf reads a failure of the client. It is the one place that acts on
// Telegram's words, since Telegram tells what went wrong in no other way.
func meaningOf(err error) meaning {
	var api *apiError
	var wire *wireError
	var shut *shutError
	var file *fileError
	switch {
	case err == nil:
		return fine
	case errors.Is(err, errTooLong):
		return tooLong
	case errors.As(err, &shut):
		return wait
	case errors.As(err, &file):
		return unsent
	case errors.As(err, &wire):
		if wire.sent {
			return unsure
		}
		return unsent
	case errors.As(err, &api):
		return api.means()
	default:
		return unsure
	}
}

func (e *apiError) means() meaning {
	if m, ok := codes[e.code]; ok {
		return m
	}
	switch {
	case e.code >= 500:
		return unsure
	case e.moved != 0:
		return moved
	case e.code != 400:
		return refused
	}
	text := strings.ToLower(e.text)
	for _, known := range texts {
		if strings.Contains(text, known.part) {
			return known.means
		}
	}
	return refused
}

// errToken is what staff are told when Telegram does not know the bot.
var errToken = errors.New("the Telegram token is not known; copy it from @BotFather into SACHHON_TELEGRAM_TOKEN")

// kinds are what the outbox is told of each meaning.
var kinds = map[meaning]channel.ErrorKind{
	unsure: channel.Uncertain, unsent: channel.Temporary, wait: channel.Limited, gone: channel.Unreachable,
	badMarkup: channel.BadFormat, tooLong: channel.TooLong, shutOut: channel.ChannelDown, conflict: channel.Temporary,
}

// sendError words a failed sending for the outbox.
func sendError(err error) *channel.SendError {
	means := meaningOf(err)
	kind, ok := kinds[means]
	if !ok {
		kind = channel.Refused
	}
	se := &channel.SendError{Kind: kind, Err: err}
	var api *apiError
	var shut *shutError
	if errors.As(err, &shut) {
		se.After = shut.left
	}
	if errors.As(err, &api) {
		se.After = api.after
		if means == moved {
			se.MovedTo = strconv.FormatInt(api.moved, 10)
		}
	}
	if means == shutOut {
		se.Err = errToken
	}
	return se
}

// calledOff says that an error only means that its context ended.
func calledOff(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
