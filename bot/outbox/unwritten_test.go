package outbox_test

import (
	"context"
	"fmt"
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

// TestNothingMoreLeavesWhileOutcomesCannotBeWritten has the store refuse for two
// hours to say what was sent: whatever leaves meanwhile would leave again when
// its lease has run out, over and over.
func TestNothingMoreLeavesWhileOutcomesCannotBeWritten(t *testing.T) {
	inWorld(t, func(w *world) {
		const rows = 500
		for i := range rows {
			w.enqueue(bulk(to(i), fmt.Sprint("bulk ", i)))
		}
		box := outbox.New(&forgetful{w.q}, w.net, outbox.Pace{PerSecond: 28}, w.opts)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- box.Run(ctx) }()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		stop()
		<-ended
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
