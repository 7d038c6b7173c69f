package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
)

// sending is one message that reached the network.
type sending struct {
	at  time.Time
	out channel.Outgoing
	err error
}

// network is the far side: it notes everything that is sent to it and answers
// as told. It complains when two messages to one address are under way at once.
type network struct {
	name    string
	latency time.Duration
	// way and home, if given, are the way there and back.
	way, home func()
	// answer says how a message fares; nil: all are taken. It is called when
	// the message arrives, with how many arrived before it.
	answer func(out channel.Outgoing, n int) error
	// hang makes sendings wait for the end of their context.
	hang func(out channel.Outgoing) bool

	mu     sync.Mutex
	log    []sending
	flying map[channel.Address]bool
	faults []string
}

func (n *network) Name() string                       { return n.name }
func (n *network) Capabilities() channel.Capabilities { return channel.Capabilities{} }

func (n *network) Send(ctx context.Context, out channel.Outgoing) (channel.Receipt, error) {
	defer n.leave(out)
	if n.way != nil {
		n.way()
	}
	hang, err := n.arrive(out)
	if n.home != nil {
		n.home()
	}
	if hang {
		<-ctx.Done()
		return channel.Receipt{}, &channel.SendError{Kind: channel.Uncertain, Err: ctx.Err()}
	}
	time.Sleep(n.latency)
	return channel.Receipt{MessageID: "m" + out.ID}, err
}

func (n *network) arrive(out channel.Outgoing) (hang bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.flying == nil {
		n.flying = map[channel.Address]bool{}
	}
	if n.flying[out.Address] {
		n.faults = append(n.faults, fmt.Sprintf("two messages to %s at once", out.Address))
	}
	n.flying[out.Address] = true
	n.log = append(n.log, sending{at: time.Now(), out: out})
	if n.answer != nil {
		err = n.answer(out, len(n.log)-1)
	}
	n.log[len(n.log)-1].err = err
	return n.hang != nil && n.hang(out), err
}

func (n *network) leave(out channel.Outgoing) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.flying, out.Address)
}

// seen returns what reached the network so far.
func (n *network) seen() []sending {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]sending(nil), n.log...)
}

// texts are what the network was sent, in order.
func (n *network) texts() []string {
	var out []string
	for _, s := range n.seen() {
		out = append(out, s.out.Message.Text)
	}
	return out
}

func failing(kind channel.ErrorKind) error { return &channel.SendError{Kind: kind} }

// world is one program with one network, in a bubble of its own time.
type world struct {
	*testing.T
	q    *memory
	net  *network
	pace outbox.Pace
	opts outbox.Options
	logs strings.Builder

	mu   sync.Mutex // for box and q, where the program dies and comes back beside others
	box  *outbox.Outbox
	stop context.CancelFunc
	done chan error
}

// inWorld runs a test in a bubble. The outbox starts with the first call of run.
func inWorld(t *testing.T, test func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, q: &memory{disk: newDisk()}, net: &network{name: "net"}}
		w.opts.Random = func() float64 { return 0.999999 } // the longest waits
		w.opts.Log = slog.New(slog.NewTextHandler(&w.logs, nil))
		test(w)
		if w.stop != nil {
			w.end()
		}
		for _, f := range w.net.faults {
			t.Error(f)
		}
	})
}

// start begins to run the outbox.
func (w *world) start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.mu.Lock()
	w.box = outbox.New(w.q, w.net, w.pace, w.opts)
	w.mu.Unlock()
	w.stop, w.done = cancel, make(chan error, 1)
	go func(box *outbox.Outbox, done chan<- error) { done <- box.Run(ctx) }(w.box, w.done)
}

// now returns the queue and the outbox of the moment.
func (w *world) now() (*memory, *outbox.Outbox) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.q, w.box
}

// run starts the outbox where it is not running yet and lets time pass.
func (w *world) run(d time.Duration) {
	if w.stop == nil {
		w.start()
	}
	time.Sleep(d)
	synctest.Wait()
}

// end stops the outbox and returns what Run returned.
func (w *world) end() error {
	w.stop()
	err := <-w.done
	w.stop = nil
	return err
}

func to(n int) channel.Address { return channel.Address{Channel: "net", ID: fmt.Sprint(n)} }

func reply(a channel.Address, text string) outbox.Row {
	return outbox.Row{Lane: outbox.Replies, Address: a, Message: dialogs.Message{Text: text}, Queued: time.Now()}
}

func bulk(a channel.Address, text string) outbox.Row {
	r := reply(a, text)
	r.Lane = outbox.Bulk
	return r
}

func (w *world) enqueue(rows ...outbox.Row) {
	w.Helper()
	if err := w.q.Enqueue(context.Background(), rows...); err != nil {
		w.Fatal(err)
	}
	if w.box != nil {
		w.box.Wake()
	}
}

// row returns what is kept of a row.
func (w *world) row(id uint64) outbox.Row {
	w.Helper()
	r, ok, err := w.q.Row(context.Background(), id)
	if err != nil || !ok {
		w.Fatalf("row %d: there %v, error %v", id, ok, err)
	}
	return r
}

// wantTexts checks what reached the network, in order.
func (w *world) wantTexts(want ...string) {
	w.Helper()
	if got := w.net.texts(); strings.Join(got, "|") != strings.Join(want, "|") {
		w.Fatalf("the network got %q, want %q", got, want)
	}
}

// wantState checks how a row ended.
func (w *world) wantState(id uint64, state outbox.State, why outbox.Reason, attempts int) outbox.Row {
	w.Helper()
	r := w.row(id)
	if r.State != state || r.Reason != why || r.Attempts != attempts {
		w.Errorf("row %d is %v %q after %d attempts (%s), want %v %q after %d", id, r.State, r.Reason, r.Attempts, r.LastError, state, why, attempts)
	}
	return r
}
