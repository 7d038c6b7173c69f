package channeltest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Harness says how to make a channel for the suite.
type Harness struct {
	// New makes a fresh channel against a fresh fake of its network. What
	// arrives goes to to; everything the channel logs goes to log. It ends what
	// it started when the test ends. A [channel.Poller] is polled by the suite.
	New func(t testing.TB, log *slog.Logger, to channel.Receiver) Rig
	// Patience is how long the suite waits for what must happen, such as another
	// delivery of an update that was not kept. 0 means 20 s.
	Patience time.Duration
}

// Rig is one channel with the network it lives on, seen from both sides.
// Functions that are nil are things that cannot happen on this network, and
// what would need them is skipped.
type Rig struct {
	Channel channel.Channel
	// Address returns the address of a person; people are named by decimal
	// numbers such as "1001". nil: the channel's name and that number.
	Address func(person string) channel.Address
	// Deliver hands a message to a pulling channel, by writing it where the
	// channel reads. nil for a [channel.Sender], which is sent to.
	Deliver func(ctx context.Context, out channel.Outgoing) error

	// Say and Press make a person type a text or press the button with this ID.
	// id names the update: the same id again is the same update delivered again.
	// They return once the network has the update; an error means that the
	// person was told that it was not taken.
	Say   func(ctx context.Context, person, id, text string) error
	Press func(ctx context.Context, person, id, button string) error
	// Seen returns what a person saw so far, oldest first: texts as they are
	// shown, without marks.
	Seen func(person string) []dialogs.Message

	// Fail arranges that the next sending fails in this way, once, with a wait
	// where the network names one; false: this network has no such failure.
	Fail func(kind channel.ErrorKind, after time.Duration) bool
	// Hang makes the network take requests and say nothing until release.
	Hang func() (release func())

	// Secrets are texts that must not be written anywhere: tokens, passwords.
	Secrets []string
	// Output returns what was written besides the log. nil: nothing.
	Output func() string
	// Outside returns the requests that left for another host than the fake's.
	Outside func() []string
}

// Run runs the whole suite, one subtest for each promise.
func Run(t *testing.T, h Harness) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.play(t, h) })
	}
}

// check is one promise.
type check struct {
	name string
	run  func(s *stage)
}

// checks lists what a channel promises.
var checks = []check{
	{"it says what it can do", saysWhatItCan},
	{"a text arrives as it was written", textArrives},
	{"a strong text arrives with all its words", strongArrives},
	{"a message beyond the channel's means arrives readable and complete", fitted},
	{"a text beyond the limit is refused or shown in full", tooLong},
	{"messages arrive in the order in which they were sent", inOrder},
	{"what a person types is received as typed", typed},
	{"a pressed button is received by its ID", pressed},
	{"the same update delivered twice has the same ID, different ones different IDs", sameUpdate},
	{"what was not kept comes again, or the person is told", notKept},
	{"every failure has its right name", failures},
	{"a sending that is called off ends soon", calledOff},
	{"polling ends soon and can begin again", pollsAgain},
	{"many people at once get each their own", atOnce},
}

// soon is how long something may take that must not keep anybody waiting.
const soon = 3 * time.Second

// people who appear in the checks.
const (
	ann  = "1001"
	binh = "1002"
)

// stage is one check being played.
type stage struct {
	testing.TB
	rig    Rig
	sender channel.Sender // nil on a pulling channel
	caps   channel.Capabilities
	post   *postbox
	logs   *record
	polled chan error // what Poll returned; nil where nothing is polled
	stop   context.CancelFunc
	number int // of messages sent
	// patience is Harness.Patience or its default.
	patience time.Duration
}

func (c check) play(t testing.TB, h Harness) {
	s := &stage{TB: t, post: newPostbox(), logs: &record{}, patience: h.Patience}
	if s.patience <= 0 {
		s.patience = 20 * time.Second
	}
	log := slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.rig = h.New(t, log, s.post)
	s.caps = s.rig.Channel.Capabilities()
	s.sender, _ = s.rig.Channel.(channel.Sender)
	if s.rig.Address == nil {
		s.rig.Address = func(person string) channel.Address {
			return channel.Address{Channel: s.rig.Channel.Name(), ID: person}
		}
	}
	s.poll()
	defer s.audit()
	defer s.endPolling()
	c.run(s)
}

// poll polls the channel if it is one that fetches.
func (s *stage) poll() {
	p, ok := s.rig.Channel.(channel.Poller)
	if !ok {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.polled = stop, make(chan error, 1)
	go func(done chan<- error) { done <- p.Poll(ctx, s.post) }(s.polled)
}

// endPolling ends Poll and complains if it does not end.
func (s *stage) endPolling() {
	s.Helper()
	if s.polled == nil {
		return
	}
	s.stop()
	select {
	case <-s.polled:
	case <-time.After(soon):
		s.Errorf("polling went on %v after it was called off", soon)
	}
	s.polled = nil
}

// audit looks for secrets in all that was written and for requests that left
// for elsewhere.
func (s *stage) audit() {
	s.Helper()
	written := s.logs.String()
	if s.rig.Output != nil {
		written += s.rig.Output()
	}
	s.clean("what was written", written)
	if s.rig.Outside != nil {
		for _, r := range s.rig.Outside() {
			s.Errorf("a request left for another host: %s", r)
		}
	}
}

// clean complains about a secret in a text.
func (s *stage) clean(what, text string) {
	s.Helper()
	for _, secret := range s.rig.Secrets {
		if secret != "" && strings.Contains(text, secret) {
			s.Errorf("%s holds a secret: %s", what, strings.ReplaceAll(text, secret, "█████"))
		}
	}
}

// send sends a message to a person as it is and returns the failure.
func (s *stage) send(ctx context.Context, person string, m dialogs.Message) error {
	s.Helper()
	s.number++
	out := channel.Outgoing{ID: fmt.Sprint(s.number), Address: s.rig.Address(person), Message: m, Attempt: 1}
	err := s.deliver(ctx, out)
	if err != nil {
		s.clean("an error", err.Error())
	}
	return err
}

func (s *stage) deliver(ctx context.Context, out channel.Outgoing) error {
	if s.sender == nil {
		return s.rig.Deliver(ctx, out)
	}
	_, err := s.sender.Send(ctx, out)
	return err
}

// mustSend sends a message that the network must take.
func (s *stage) mustSend(person string, m dialogs.Message) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	if err := s.send(ctx, person, m); err != nil {
		s.Fatalf("send %q: %v", m.Text, err)
	}
}

// mustSay makes a person type a text, which the network must take.
func (s *stage) mustSay(person, id, text string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	if err := s.rig.Say(ctx, person, id, text); err != nil {
		s.Fatalf("%s says %q: %v", person, text, err)
	}
}

// meet makes a person known to the network: most let nobody be written to who
// never wrote.
func (s *stage) meet(people ...string) {
	s.Helper()
	for _, p := range people {
		s.mustSay(p, "meet-"+p, "chào")
		s.await(p, 1)
	}
}

// await waits until a person's nth update was received and returns it.
func (s *stage) await(person string, n int) channel.Incoming {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	got := s.post.await(ctx, s.rig.Address(person), n)
	if len(got) < n {
		s.Fatalf("%d updates of %s were received, want %d", len(got), person, n)
	}
	return got[n-1]
}

// awaitText waits until a text of a person was received; others may come
// before it, since what was not acknowledged yet comes again.
func (s *stage) awaitText(person, text string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	a := s.rig.Address(person)
	said := func(in channel.Incoming) bool { return in.Input.Text == text }
	if !s.post.wait(ctx, func() bool { return slices.ContainsFunc(s.post.got[a], said) }) {
		s.Fatalf("%q of %s was not received within %v", text, person, s.patience)
	}
}

// texts are the texts a person saw from the nth message on.
func (s *stage) texts(person string, from int) []string {
	var out []string
	for _, m := range s.rig.Seen(person)[from:] {
		out = append(out, m.Text)
	}
	return out
}

// record keeps what is logged.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}
