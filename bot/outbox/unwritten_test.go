package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/outbox"
)

// forgetful is a queue that hands messages out and cannot write down what became
// of them, like a disk on which a small transaction still fits and a larger one
// does not.
type forgetful struct {
	*memory
}

func (f *forgetful) Settle(context.Context, []outbox.Settlement) error { return errDisk }

// runOn sends from another queue than the world's own for some time, and returns
// how that ended.
func runOn(w *world, q outbox.Queue, long time.Duration) error {
	box := outbox.New(q, w.net, outbox.Pace{PerSecond: 28}, w.opts)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- box.Run(ctx) }()
	time.Sleep(long)
	synctest.Wait()
	stop()
	return <-ended
}

// TestNothingMoreLeavesWhileOutcomesCannotBeWritten has the store refuse for two
// hours to say what was sent: whatever leaves meanwhile would leave again when
// its lease has run out, over and over.
func TestNothingMoreLeavesWhileOutcomesCannotBeWritten(t *testing.T) {
	inWorld(t, func(w *world) {
		const rows = 500
		for i := range rows {
			w.enqueue(bulk(to(i), fmt.Sprint("bulk ", i)))
		}
		runOn(w, &forgetful{w.q}, 2*time.Hour) //nolint:errcheck // what it could not write is looked at below
		w.run(time.Minute)
		times := map[string]int{}
		for _, s := range w.net.seen() {
			times[s.out.Message.Text]++
		}
		if sent := len(w.net.seen()); len(times) != rows || sent > rows+28 {
			t.Errorf("%d messages were sent %d times", len(times), sent)
		}
		for text, n := range times {
			if n > 2 {
				t.Errorf("%s was sent %d times", text, n)
			}
		}
	})
}

// late is a queue that cannot be used at first, like one on a full disk.
type late struct {
	*memory
	until time.Time
}

func (l *late) Recover(ctx context.Context, name string) (int, error) {
	if time.Now().Before(l.until) {
		return 0, errDisk
	}
	return l.memory.Recover(ctx, name)
}

// TestStoreThatIsIllAtTheStartIsTriedAgain starts on a store that cannot say what
// was under way: messages leave once it can, and whoever stops before waits for
// nothing.
func TestStoreThatIsIllAtTheStartIsTriedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.enqueue(reply(to(1), "a"))
		begin := func() (context.CancelFunc, chan error) {
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			box := outbox.New(&late{w.q, time.Now().Add(time.Hour)}, w.net, outbox.Pace{}, w.opts)
			go func() { ended <- box.Run(ctx) }()
			return stop, ended
		}
		stop, ended := begin()
		time.Sleep(time.Minute)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("stopped while the store was ill, Run returned %v", err)
		}
		stop, ended = begin()
		time.Sleep(59 * time.Minute)
		w.wantTexts()
		time.Sleep(2 * time.Minute)
		w.wantTexts("a")
		if n := strings.Count(w.logs.String(), errDisk.Error()); n == 0 || n > 130 {
			t.Errorf("the store's trouble was told %d times", n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// uncounting is a queue that keeps what became of rows, but cannot say it to those
// on whose behalf they were sent.
type uncounting struct{ *memory }

func (u *uncounting) Settle(ctx context.Context, s []outbox.Settlement) error {
	if err := u.memory.Settle(ctx, s); err != nil {
		return err
	}
	return &outbox.Uncounted{Err: errDisk}
}

// TestWhatCannotBeCountedStopsNothing: everybody has their message once, over a
// stop in the midst of it.
func TestWhatCannotBeCountedStopsNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		const rows = 280
		for i := range rows {
			w.enqueue(bulk(to(i), fmt.Sprint("bulk ", i)))
		}
		if err := runOn(w, &uncounting{w.q}, 5*time.Second); err != nil {
			t.Errorf("it ends with %v", err)
		}
		if n := len(w.net.seen()); n < 5*25 {
			t.Errorf("only %d messages were sent in five seconds", n)
		}
		w.run(time.Minute)
		if n := len(w.net.seen()); n != rows {
			t.Errorf("%d of %d messages were sent", n, rows)
		}
	})
}
