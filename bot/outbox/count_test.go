package outbox_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

// TestEverySendingIsCounted has a network take, refuse and fail messages.
func TestEverySendingIsCounted(t *testing.T) {
	inWorld(t, func(w *world) {
		got := map[string]int{}
		w.net.latency = 40 * time.Millisecond
		w.opts.Count = func(lane outbox.Lane, result string, took time.Duration) {
			if took != w.net.latency {
				t.Errorf("a sending took %v", took)
			}
			got[lane.String()+" "+result]++
		}
		w.net.answer = func(_ channel.Outgoing, n int) error {
			switch n {
			case 1:
				return failing(channel.Unreachable)
			case 2:
				return errors.New("something else")
			case 4:
				return &channel.SendError{Kind: channel.Limited, After: time.Second}
			default:
				return nil
			}
		}
		w.enqueue(reply(to(100), "a"))
		w.run(time.Second)
		for i := range 4 {
			w.enqueue(bulk(to(i), fmt.Sprint(i)))
			w.run(time.Minute)
		}
		want := map[string]int{"replies taken": 1, "bulk taken": 3, "bulk unreachable": 1, "bulk uncertain": 1, "bulk limited": 1}
		if !maps.Equal(got, want) {
			t.Errorf("counted %v, want %v", got, want)
		}
	})
}
