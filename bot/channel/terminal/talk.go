package terminal

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// maxLine is the longest line a person may type, in bytes.
const maxLine = 64 << 10

// Talk holds the conversation with a person. A newcomer is greeted (the turn
// "/start"); who comes back sees the last exchange again.
//
// Typing the number in front of a button or just its label presses it; all
// else goes to the bot as typed. Where the question is for a number, a number
// is the answer and buttons are picked with "#1". A button that shares the
// person's number asks for it here. What the bot says meanwhile appears above
// the prompt and its buttons get the next numbers, so that a number being
// typed keeps its meaning.
//
// Talk returns nil after the person typed /quit or /thoat, at the end of in,
// and soon after ctx ended: all of them are ways to leave. It returns an error
// when the conversation could not be opened or the terminal not be read or
// written. A line that the bot could not take is told to the person and the
// conversation goes on.
func Talk(ctx context.Context, bot Bot, in io.Reader, out io.Writer, opts Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lang := opts.Lang
	if lang == "" {
		lang = dialogs.Vietnamese
	}
	t := talk{bot: bot, screen: newScreen(out, opts), lang: lang}
	err := t.open(ctx)
	if err == nil {
		err = t.run(ctx, readLines(ctx, in, maxLine))
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	t.screen.self(wordsIn(t.lang).Goodbye)
	return t.screen.flush()
}

// talk is one conversation with a person.
type talk struct {
	bot        Bot
	screen     *screen
	lang       dialogs.Lang // of the terminal's own words
	transcript transcript
	choices    []dialogs.Button  // what can be picked by number, from 1
	hint       dialogs.InputHint // what the question hopes for
	sharing    bool              // the next line is the person's own number
	trouble    string            // what went wrong last; empty once something went well
}

// open greets a newcomer and shows who comes back where the talk was left.
func (t *talk) open(ctx context.Context) error {
	entries, err := t.bot.Last(ctx, remembered)
	if err != nil {
		return fmt.Errorf("open conversation: %w", err)
	}
	t.lang = spoken(entries, t.lang)
	t.screen.self(wordsIn(t.lang).Hello)
	if len(entries) > 0 {
		t.screen.self(wordsIn(t.lang).Again)
		t.transcript.take(entries)
		t.print(ctx, lastExchange(entries))
		return nil
	}
	if err := t.commit(ctx, dialogs.Say("/start"), ""); err != nil {
		return fmt.Errorf("open conversation: %w", err)
	}
	return nil
}

// unasked is how many messages are shown again where the person said nothing.
const unasked = 3

// lastExchange returns the person's last word and what came after it.
func lastExchange(entries []channel.Entry) []channel.Entry {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].From == channel.FromPerson {
			return entries[i:]
		}
	}
	return entries[max(0, len(entries)-unasked):]
}

// run talks until the person leaves, the input ends or ctx does.
func (t *talk) run(ctx context.Context, input *lines) error {
	for {
		t.screen.prompt()
		if err := t.screen.flush(); err != nil {
			return err
		}
		news, stop := t.listen(ctx)
		select {
		case <-ctx.Done():
			stop()
			return nil
		case entries := <-news:
			stop()
			t.print(ctx, t.transcript.take(entries))
		case l, ok := <-input.next:
			stop()
			if !ok {
				return wrap("read from terminal", input.err)
			}
			if leaves := t.hear(ctx, l); leaves {
				return nil
			}
		}
	}
}

// newsPause is how long to wait before news are asked for again after none
// came, so that a bot that cannot tell does not keep the machine busy.
const newsPause = time.Second

// listen waits for news once. stop ends the waiting; what came too late for the
// channel is not lost, since it is above what was taken.
func (t *talk) listen(ctx context.Context) (news <-chan []channel.Entry, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	found, ended := make(chan []channel.Entry, 1), make(chan struct{})
	after := t.transcript.seen
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			// An error here is no news: the next line typed meets it and tells.
			if entries, err := t.bot.News(ctx, after); err == nil && len(entries) > 0 {
				found <- entries
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(newsPause):
			}
		}
	}()
	return found, func() {
		cancel()
		<-ended
	}
}

// hear takes a line and says whether the person leaves.
func (t *talk) hear(ctx context.Context, l line) (leaves bool) {
	text := strings.TrimSpace(l.text)
	t.screen.typed(text)
	w := wordsIn(t.lang)
	sharing := t.sharing
	t.sharing = sharing && l.fault != readable
	switch {
	case l.fault == tooLong:
		t.sorry(w.Long)
	case l.fault == notUTF8:
		t.sorry(w.Letters)
	case sharing && text == "":
		t.screen.self(w.NoNumber)
	case text == "":
	case isLeaving(text):
		return true
	case sharing && !strings.HasPrefix(text, "/"):
		t.say(ctx, dialogs.Input{Kind: dialogs.InputPhone, Text: text}, "")
	default:
		t.answer(ctx, text)
	}
	return false
}

// isLeaving says whether a line is the terminal's own command to leave.
func isLeaving(text string) bool {
	command, ok := strings.CutPrefix(text, "/")
	return ok && slices.Contains([]string{"quit", "thoat"}, answer.Fold(command))
}

// answer takes what was typed as a choice or as words.
func (t *talk) answer(ctx context.Context, text string) {
	b, ok := t.chosen(text)
	switch {
	case !ok:
		t.say(ctx, dialogs.Say(text), "")
	case b.SharePhone:
		t.sharing = true
		t.screen.self(wordsIn(t.lang).AskNumber)
	default:
		t.say(ctx, dialogs.Press(b.ID), b.Label)
	}
}

// chosen finds the button meant by its label or number. Labels count only as
// they are written: words without marks are for the bot, which knows whether
// "huy" is a name or means "hủy".
func (t *talk) chosen(text string) (dialogs.Button, bool) {
	if !t.wantsNumber() || strings.IndexFunc(text, unicode.IsLetter) >= 0 {
		if b, ok := t.transcript.byLabel(text); ok {
			return b, true
		}
	}
	number, signed := strings.CutPrefix(text, "#")
	n, err := strconv.Atoi(strings.TrimRight(number, ".)"))
	if err != nil || n < 1 || n > len(t.choices) || t.wantsNumber() && !signed {
		return dialogs.Button{}, false
	}
	return t.choices[n-1], true
}

// wantsNumber says whether a number is the answer to the question.
func (t *talk) wantsNumber() bool {
	return t.hint == dialogs.HintNumber || t.hint == dialogs.HintPhone
}

// say hands something to the bot and shows what it answers.
func (t *talk) say(ctx context.Context, in dialogs.Input, label string) {
	if err := t.commit(ctx, in, label); err != nil && ctx.Err() == nil {
		t.sorry(wordsIn(t.lang).Failed)
	}
}

func (t *talk) commit(ctx context.Context, in dialogs.Input, label string) error {
	entries, err := t.bot.Say(ctx, in, label, t.transcript.seen)
	if err != nil {
		return err
	}
	t.trouble = ""
	t.transcript.said(in)
	t.choices, t.hint = nil, dialogs.HintNone
	t.print(ctx, t.transcript.take(entries))
	return nil
}

// sorry tells what went wrong, never twice in the same words.
func (t *talk) sorry(texts [2]string) {
	if t.trouble == texts[0] {
		t.trouble = texts[1]
	} else {
		t.trouble = texts[0]
	}
	t.screen.self(t.trouble)
}

// print shows entries and gives their live buttons the next numbers.
func (t *talk) print(ctx context.Context, entries []channel.Entry) {
	t.lang = spoken(entries, t.lang)
	for _, e := range entries {
		if m := e.Message; e.From == channel.FromBot && !e.Push && (m.Hint != dialogs.HintNone || len(m.Buttons) > 0) {
			t.hint = m.Hint
		}
	}
	for _, e := range entries {
		if e.From == channel.FromPerson {
			t.screen.person(e.Message.Text)
			continue
		}
		t.screen.entry(t.shown(ctx, e))
	}
}

// shown adds to an entry what it needs on this screen.
func (t *talk) shown(ctx context.Context, e channel.Entry) shown {
	w := wordsIn(t.lang)
	out := shown{entry: e}
	if e.From == channel.FromStaff {
		out.staff = w.Staff
	}
	for i, m := range e.Message.Media {
		path, err := t.bot.Save(ctx, e.Seq, i)
		if err != nil {
			path = "" // the line then says that there is no file
		}
		out.files = append(out.files, fileLine(m, path, t.lang))
	}
	if buttons := pressable(e.Message); len(buttons) > 0 && t.transcript.isLive(e.Seq) {
		out.first = len(t.choices) + 1
		t.choices = append(t.choices, buttons...)
		if t.wantsNumber() {
			out.pick = fmt.Sprintf(w.PickSign, out.first)
		}
	}
	return out
}
