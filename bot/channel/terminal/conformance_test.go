package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"sachhon/bot/channel"
	"sachhon/bot/channel/channeltest"
	"sachhon/bot/channel/terminal"
	"sachhon/dialogs"
)

func TestConformance(t *testing.T) {
	channeltest.Run(t, channeltest.Harness{New: func(t testing.TB, _ *slog.Logger, to channel.Receiver) channeltest.Rig {
		h := &hall{t: t, to: to, desks: map[string]*desk{}}
		return channeltest.Rig{
			Channel: named{},
			Deliver: func(ctx context.Context, out channel.Outgoing) error {
				return h.desk(out.Address.ID).deliver(ctx, out.Message)
			},
			Say: func(ctx context.Context, person, id, text string) error {
				return h.desk(person).say(ctx, id, text)
			},
			Seen: func(person string) []dialogs.Message { return h.desk(person).seen() },
		}
	}})
}

// named is the terminal as the list of channels knows it.
type named struct{}

func (named) Name() string                       { return terminal.Name }
func (named) Capabilities() channel.Capabilities { return terminal.Capabilities() }

// hall has a terminal for everybody.
type hall struct {
	t     testing.TB
	to    channel.Receiver
	mu    sync.Mutex
	desks map[string]*desk
}

func (h *hall) desk(person string) *desk {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.desks[person]
	if d != nil {
		return d
	}
	in, keys := io.Pipe()
	d = &desk{to: h.to, at: channel.Address{Channel: terminal.Name, ID: person}, keys: keys, answered: make(chan error, 1), changed: make(chan struct{})}
	d.add(channel.Entry{From: channel.FromBot, Message: dialogs.Message{Text: "Chào anh/chị."}})
	h.desks[person] = d
	ended := make(chan error, 1)
	go func() { ended <- terminal.Talk(context.Background(), d, in, d, terminal.Options{Width: 1 << 20}) }()
	h.t.Cleanup(func() {
		keys.Close()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	})
	return d
}

// desk is one person's terminal and, on the other side of it, their transcript.
type desk struct {
	to       channel.Receiver
	at       channel.Address
	keys     io.Writer
	answered chan error // what became of the line typed last

	mu      sync.Mutex
	id      string // of the line typed last
	entries []channel.Entry
	shown   int // how many of them the terminal was done with when it asked for more
	screen  bytes.Buffer
	changed chan struct{}
}

// lock makes a change and wakes those who wait for one.
func (d *desk) lock() (unlock func()) {
	d.mu.Lock()
	return func() {
		close(d.changed)
		d.changed = make(chan struct{})
		d.mu.Unlock()
	}
}

func (d *desk) add(e channel.Entry) {
	defer d.lock()()
	e.Seq = uint64(len(d.entries) + 1)
	d.entries = append(d.entries, e)
}

// Write is the screen.
func (d *desk) Write(p []byte) (int, error) {
	defer d.lock()()
	return d.screen.Write(p)
}

// until waits until ok holds; it is called with the desk locked.
func (d *desk) until(ctx context.Context, ok func() bool) error {
	for {
		d.mu.Lock()
		done, changed := ok(), d.changed
		d.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *desk) deliver(ctx context.Context, m dialogs.Message) error {
	d.add(channel.Entry{From: channel.FromBot, Message: m, Push: true})
	return d.until(ctx, func() bool { return d.shown == len(d.entries) })
}

func (d *desk) say(ctx context.Context, id, text string) error {
	d.mu.Lock()
	d.id = id
	d.mu.Unlock()
	if _, err := io.WriteString(d.keys, text+"\n"); err != nil {
		return err
	}
	select {
	case err := <-d.answered:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *desk) seen() []dialogs.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return messages(d.screen.String())
}

// messages reads the bot's messages off a screen.
func messages(screen string) []dialogs.Message {
	var out []dialogs.Message
	open := false
	for l := range strings.Lines(screen) {
		l = strings.TrimSuffix(l, "\n")
		if first, ok := strings.CutPrefix(l, "< "); ok {
			out, open = append(out, dialogs.Message{Text: first}), true
		} else if strings.HasPrefix(l, "> ") || strings.HasPrefix(l, "* ") {
			open = false
		} else if open {
			out[len(out)-1].Text += "\n" + strings.TrimPrefix(l, "  ")
		}
	}
	return out
}

func (d *desk) Say(ctx context.Context, in dialogs.Input, label string, after uint64) ([]channel.Entry, error) {
	d.mu.Lock()
	id := d.id
	d.mu.Unlock()
	err := d.to.Receive(ctx, channel.Incoming{ID: id, Address: d.at, Input: in, Label: label})
	d.answered <- err
	if err != nil {
		return nil, err
	}
	return d.above(after), nil
}

func (d *desk) above(after uint64) []channel.Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]channel.Entry(nil), d.entries[after:]...)
}

func (d *desk) News(ctx context.Context, after uint64) ([]channel.Entry, error) {
	unlock := d.lock()
	d.shown = int(after)
	unlock()
	err := d.until(ctx, func() bool { return len(d.entries) > int(after) })
	return d.above(after), err
}

func (d *desk) Last(context.Context, int) ([]channel.Entry, error) { return d.above(0), nil }

func (d *desk) Save(context.Context, uint64, int) (string, error) {
	return "", errors.New("no file was sent")
}
