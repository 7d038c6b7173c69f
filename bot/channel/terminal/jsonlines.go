package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// maxJSONLine is the longest line a program may send, in bytes: what the
// webhooks take at most.
const maxJSONLine = 1 << 20

// TalkJSON holds the conversation with a program: for each line of in one line
// of out, in step. A line in is {"text":"…"}, {"press":"ID or LABEL"} or
// {"phone":"…"}; the line out holds everything the bot said since the line
// before, what it said unasked included. A line that is no such object gets
// {"error":"…"} and counts as a turn all the same.
//
// A button is found by its ID, or by its label among those that can be pressed,
// first with its marks, then without; what is found nowhere goes to the bot as
// it is. Links, which cannot be pressed, are lines of the text.
//
// It returns nil at the end of in. Where the bot could not take a line, that
// line gets an error, the conversation goes on, and the last such failure is
// returned at the end of in. It returns ctx.Err() soon after ctx ends.
func TalkJSON(ctx context.Context, bot Bot, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last, err := bot.Last(ctx, remembered)
	if err != nil {
		return fmt.Errorf("open conversation: %w", err)
	}
	t := jsonTalk{bot: bot, missed: missed(last)}
	t.transcript.take(last)
	input := readLines(ctx, in, maxJSONLine)
	for turn := 1; ; turn++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case l, ok := <-input.next:
			if !ok {
				return errors.Join(t.failed, wrap("read input", input.err))
			}
			reply := t.reply(ctx, turn, l)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := write(out, reply); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
	}
}

// jsonTalk is one conversation with a program.
type jsonTalk struct {
	bot        Bot
	transcript transcript
	missed     []channel.Entry // pushed while no program talked here; told with the next line
	failed     error           // the last line that the bot could not take
}

// missed returns what was pushed after the person's last word: every line out
// answers a line in, so nobody has read it yet.
func missed(entries []channel.Entry) []channel.Entry {
	var pushed []channel.Entry
	for _, e := range entries {
		switch {
		case e.From == channel.FromPerson:
			pushed = nil
		case e.Push:
			pushed = append(pushed, e)
		}
	}
	return pushed
}

// jsonTurn is a line out.
type jsonTurn struct {
	Turn     int           `json:"turn"`
	Messages []jsonMessage `json:"messages"`
}

// jsonError is the line out for a line that was not taken.
type jsonError struct {
	Error string `json:"error"`
}

type jsonMessage struct {
	Text    string         `json:"text"`
	Format  string         `json:"format"` // always "plain"
	Buttons [][]jsonButton `json:"buttons"`
	Media   []jsonMedia    `json:"media"`
}

type jsonButton struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type jsonMedia struct {
	Kind  dialogs.MediaKind `json:"kind"`
	Name  string            `json:"name"`
	MIME  string            `json:"mime"`
	Bytes int64             `json:"bytes"`
	Alt   string            `json:"alt"`
}

// reply takes one line and returns what to answer.
func (t *jsonTalk) reply(ctx context.Context, turn int, l line) any {
	in, label, refusal := t.input(l)
	if refusal != "" {
		return jsonError{refusal}
	}
	entries, err := t.bot.Say(ctx, in, label, t.transcript.seen)
	if err != nil {
		t.failed = fmt.Errorf("say line %d: %w", turn, err)
		return jsonError{sorryFault}
	}
	t.transcript.said(in)
	reply := jsonTurn{Turn: turn, Messages: []jsonMessage{}}
	fresh := append(t.missed, t.transcript.take(entries)...)
	t.missed = nil
	for _, e := range fresh {
		reply.Messages = append(reply.Messages, jsonOf(e.Message))
	}
	return reply
}

// What a program is told about a line that was not taken. The sentences repeat
// nothing of the line, which may hold what belongs in no log.
const (
	sorryFault   = "The bot could not take this line because of a fault; send it again later."
	sorryLong    = "The line is longer than 1 MiB; send less at once."
	sorryLetters = "The line is not UTF-8 text; send it in UTF-8."
	sorryJSON    = `The line is not valid JSON; send one object such as {"text":"xin chào"}.`
	sorryObject  = `The line is not one JSON object with exactly one of "text", "press" and "phone", each a string; send one such as {"text":"xin chào"}.`
)

// input reads what a line says the person did, or why it says nothing.
func (t *jsonTalk) input(l line) (in dialogs.Input, label, refusal string) {
	switch l.fault {
	case tooLong:
		return in, "", sorryLong
	case notUTF8:
		return in, "", sorryLetters
	}
	key, value, refusal := readObject(l.text)
	switch key {
	case "text":
		in = dialogs.Say(value)
	case "press":
		in, label = dialogs.Press(value), value
		if b, ok := t.transcript.meant(value); ok {
			in, label = dialogs.Press(b.ID), b.Label
		}
	case "phone":
		in = dialogs.Input{Kind: dialogs.InputPhone, Text: value}
	}
	return in, label, refusal
}

// readObject reads the one member of a line's object; without a refusal, key is
// one of the three.
func readObject(text string) (key, value, refusal string) {
	if !json.Valid([]byte(text)) {
		return "", "", sorryJSON
	}
	// Token by token, since a map would hide a key that is given twice and a
	// struct would take "TEXT" for "text".
	d := json.NewDecoder(strings.NewReader(text))
	var parts [4]json.Token
	for i := range parts {
		var err error
		if parts[i], err = d.Token(); err != nil {
			return "", "", sorryObject
		}
	}
	key, _ = parts[1].(string)
	value, isText := parts[2].(string)
	known := key == "text" || key == "press" || key == "phone"
	if parts[0] != json.Delim('{') || !known || !isText || parts[3] != json.Delim('}') {
		return "", "", sorryObject
	}
	return key, value, ""
}

func jsonOf(m dialogs.Message) jsonMessage {
	out := jsonMessage{Text: channel.Plain(m).Text, Format: "plain", Buttons: [][]jsonButton{}, Media: []jsonMedia{}}
	for _, row := range m.Buttons {
		var kept []jsonButton
		for _, b := range row {
			switch {
			case b.ID != "":
				kept = append(kept, jsonButton{b.ID, b.Label})
			case out.Text == "":
				out.Text = b.Label + ": " + b.URL
			default:
				out.Text += "\n" + b.Label + ": " + b.URL
			}
		}
		if len(kept) > 0 {
			out.Buttons = append(out.Buttons, kept)
		}
	}
	for _, f := range m.Media {
		out.Media = append(out.Media, jsonMedia{f.Kind, f.Name, f.MIME, f.Size, f.Alt})
	}
	return out
}

// write sends v as one line in one piece, so that a reader never waits for the
// rest of it.
func write(out io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := out.Write(b.Bytes())
	return err
}

// wrap says what was tried when err is set.
func wrap(tried string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", tried, err)
}
