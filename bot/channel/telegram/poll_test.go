package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

var errDisk = errors.New("the disk is full")

// offsets are the offsets asked for, one after the other, without repetitions.
func offsets(s *stub) []string {
	var out []string
	for _, c := range s.made("getUpdates") {
		out = append(out, c.params["offset"])
	}
	return slices.Compact(out)
}

func texts(in []channel.Incoming) []string {
	var out []string
	for _, i := range in {
		out = append(out, i.Input.Text)
	}
	return out
}

// TestThemeOrderPerChat: a batch reaches the receiver at once and in order.
func TestThemeOrderPerChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.batch <- says(10, "một") + "," + says(11, "hai") + "," + says(12, "ba")
		stop := b.polling(to)
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if len(to.calls) != 1 || !slices.Equal(texts(to.all()), []string{"một", "hai", "ba"}) {
			t.Errorf("received %v in %d calls", texts(to.all()), len(to.calls))
		}
	})
}

// TestThemeConfirmBeforeKept: the offset moves only after the receiver kept
// the batch, and the same updates have the same ids when they come again.
func TestThemeConfirmBeforeKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		to := &inbox{take: func(_ context.Context, nth int) error {
			if nth <= 3 {
				return errDisk
			}
			return nil
		}}
		b.stub.onCall("getUpdates", func(c call, nth int) reply {
			if c.params["offset"] == "" {
				return result("[" + says(10, "đừng mất") + "]")
			}
			return reply{hang: true}
		})
		stop := b.polling(to)
		time.Sleep(30 * time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		all := to.all()
		if to.nth != 4 || len(all) != 1 || all[0].ID != "123456.10" {
			t.Errorf("asked %d times, received %+v", to.nth, all)
		}
		if got := offsets(b.stub); !slices.Equal(got, []string{"", "11"}) {
			t.Errorf("offsets %q", got)
		}
		if n := b.logs.times("could not be kept"); n != 1 {
			t.Errorf("%d lines about the disk, want 1:\n%s", n, b.logs.String())
		}
	})
}

// TestTrap03StopIsPromptAndLosesNothing: a long poll under way is called off at
// once, and what was kept last is confirmed by one last request.
func TestTrap03StopIsPromptAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		stop := b.polling(to)
		time.Sleep(7 * time.Second)
		began := time.Now()
		if err := stop(); err != nil || time.Since(began) > 0 {
			t.Errorf("stopping took %v: %v", time.Since(began), err)
		}
		if n := len(b.stub.made("getUpdates")); n != 1 {
			t.Errorf("%d requests, want 1: there was nothing to confirm", n)
		}
		if n := len(b.stub.made("deleteWebhook")); n != 0 {
			t.Errorf("a webhook that was not there was removed")
		}
	})
}

// TestThemeGracefulStop: what was fetched is handed over though the program is
// to end, and confirmed with offset last+1, limit 1, timeout 0.
func TestThemeGracefulStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		to := &inbox{take: func(ctx context.Context, _ int) error {
			time.Sleep(300 * time.Millisecond)
			return ctx.Err()
		}}
		b.stub.batch <- says(10, "kịp")
		stop := b.polling(to)
		time.Sleep(100 * time.Millisecond)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if !slices.Equal(texts(to.all()), []string{"kịp"}) {
			t.Errorf("received %v", texts(to.all()))
		}
		calls := b.stub.made("getUpdates")
		last := calls[len(calls)-1].params
		if last["offset"] != "11" || last["limit"] != "1" || last["timeout"] != "0" {
			t.Errorf("the last request was %v", last)
		}
	})
}

// TestThemeStuckHandler: a receiver or a network that hangs keeps nobody from
// stopping, and nothing is confirmed that was not kept.
func TestThemeStuckHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		to := &inbox{take: func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		b.stub.batch <- says(10, "treo")
		stop := b.polling(to)
		time.Sleep(100 * time.Millisecond)
		began := time.Now()
		if err := stop(); err != nil || time.Since(began) > time.Second {
			t.Errorf("stopping took %v: %v", time.Since(began), err)
		}
		if got := offsets(b.stub); !slices.Equal(got, []string{""}) {
			t.Errorf("offsets %q", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.onCall("getUpdates", func(c call, nth int) reply {
			if nth == 1 {
				return result("[" + says(10, "x") + "]")
			}
			return reply{hang: true}
		})
		stop := b.polling(to)
		time.Sleep(100 * time.Millisecond)
		began := time.Now()
		if err := stop(); err != nil || time.Since(began) > time.Second {
			t.Errorf("stopping took %v: %v", time.Since(began), err)
		}
	})
}

// TestTrap04PollingCanBeginAgain, as often as one likes.
func TestTrap04PollingCanBeginAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		for i := range 3 {
			b.stub.batch <- says(10+i, fmt.Sprint(i))
			stop := b.polling(to)
			time.Sleep(time.Second)
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
		if got := texts(to.all()); !slices.Equal(got, []string{"0", "1", "2"}) {
			t.Errorf("received %v", got)
		}
	})
}

// TestTrap05IDsBeginAgainLower: after a week of silence ids start anywhere.
// They are taken, and nobody asks in a hot loop.
func TestTrap05IDsBeginAgainLower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		stop := b.polling(to)
		b.stub.batch <- says(900000, "trước")
		time.Sleep(time.Minute)
		b.stub.batch <- says(17, "sau")
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if got := texts(to.all()); !slices.Equal(got, []string{"trước", "sau"}) {
			t.Errorf("received %v", got)
		}
		if got := offsets(b.stub); !slices.Equal(got, []string{"", "900001", "18"}) {
			t.Errorf("offsets %q", got)
		}
		if n := len(b.stub.made("getUpdates")); n > 8 {
			t.Errorf("%d requests in two minutes", n)
		}
	})
}

// A proxy that repeats an old answer is not asked at full speed either.
func TestAnswerThatComesAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.stub.on("getUpdates", result("["+says(10, "x")+"]"))
		stop := b.polling(&inbox{})
		time.Sleep(10500 * time.Millisecond)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := len(b.stub.made("getUpdates")); n > 13 {
			t.Errorf("%d requests in 10 s", n)
		}
	})
}

// A server that holds no request is not asked at full speed.
func TestServerThatNeverHoldsARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.stub.on("getUpdates", result(`[]`))
		stop := b.polling(&inbox{})
		time.Sleep(10500 * time.Millisecond)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := len(b.stub.made("getUpdates")); n > 11 {
			t.Errorf("%d requests in 10 s", n)
		}
	})
}

// TestTrap12DeadConnection: a server that went away without a word is noticed
// ten seconds after it should have answered.
func TestTrap12DeadConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.onCall("getUpdates", func(_ call, nth int) reply {
			if nth == 1 {
				return reply{hang: true}
			}
			return result("[" + says(10, "lại đây") + "]")
		})
		stop := b.polling(to)
		time.Sleep(59 * time.Second)
		if n := len(b.stub.made("getUpdates")); n != 1 {
			t.Errorf("%d requests in the first minute", n)
		}
		time.Sleep(3 * time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if got := texts(to.all()); len(got) == 0 || got[0] != "lại đây" {
			t.Errorf("received %v", got)
		}
	})
}

// TestThemeFloodControl: a wait named to any method holds for all. Until it is
// over no request leaves; Send says how long that is and asks nothing.
func TestThemeFloodControl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.onCall("getUpdates", func(_ call, nth int) reply {
			switch nth {
			case 1:
				return result("[" + presses(10, "q1", "x") + "]")
			case 2:
				return slow(30)
			default:
				return reply{hang: true}
			}
		})
		b.stub.on("answerCallbackQuery", reply{after: time.Second})
		stop := b.polling(to)
		time.Sleep(5 * time.Second)
		before := len(b.stub.made())
		_, err := b.send(message("x"))
		var se *channel.SendError
		if !errors.As(err, &se) || se.Kind != channel.Limited || se.After != 25*time.Second {
			t.Errorf("send during the wait: %v", err)
		}
		time.Sleep(24 * time.Second)
		if after := b.stub.made(); len(after) != before {
			t.Errorf("requests left during the wait: %v", after[before:])
		}
		time.Sleep(2 * time.Second)
		if _, err := b.send(message("x")); err != nil {
			t.Errorf("send after the wait: %v", err)
		}
		if n := len(b.stub.made("getUpdates")); n != 3 {
			t.Errorf("%d polls, want 3", n)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// While the gate is shut nothing is confirmed either.
func TestStopDuringAWaitAsksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.stub.onCall("getUpdates", func(_ call, nth int) reply {
			return []reply{result("[" + says(10, "x") + "]"), slow(30)}[min(nth, 2)-1]
		})
		stop := b.polling(&inbox{})
		time.Sleep(5 * time.Second)
		before := len(b.stub.made())
		if err := stop(); err != nil {
			t.Error(err)
		}
		if after := len(b.stub.made()); after != before {
			t.Errorf("%d requests left during the wait", after-before)
		}
	})
}

// TestThemeTwoInstances: while another program polls, this one steps back
// further and further, says so once and goes on when it is alone.
func TestThemeTwoInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		const rival = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
		b.stub.onCall("getUpdates", func(_ call, nth int) reply {
			switch {
			case nth <= 6:
				return refuse(409, rival)
			case nth == 7:
				return result("[" + says(10, "một mình") + "]")
			default:
				return reply{hang: true}
			}
		})
		stop := b.polling(to)
		time.Sleep(5 * time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		calls := b.stub.made("getUpdates")
		for i := 1; i < 7; i++ {
			if wait := calls[i].at.Sub(calls[i-1].at); wait < 3*time.Second || i > 1 && i < 5 && wait <= calls[i-1].at.Sub(calls[i-2].at) {
				t.Errorf("request %d came %v after the one before", i, wait)
			}
		}
		if n := b.logs.times("another program fetches"); n != 1 {
			t.Errorf("%d warnings, want 1:\n%s", n, b.logs.String())
		}
		if !slices.Equal(texts(to.all()), []string{"một mình"}) {
			t.Errorf("received %v", texts(to.all()))
		}
	})
}

// A webhook that somebody set meanwhile is removed.
func TestWebhookInTheWayIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.on("getWebhookInfo", result(`{"url":""}`), result(`{"url":"https://old.example/x"}`), result(`{"url":""}`))
		b.stub.onCall("getUpdates", func(_ call, nth int) reply {
			if len(b.stub.made("deleteWebhook")) == 0 {
				return refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
			}
			return result("[" + says(10, "đến") + "]")
		})
		stop := b.polling(to)
		time.Sleep(10 * time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if len(to.all()) == 0 || len(b.stub.made("deleteWebhook")) != 1 {
			t.Errorf("received %v, webhook removed %d times", texts(to.all()), len(b.stub.made("deleteWebhook")))
		}
		if c := b.stub.made("deleteWebhook")[0]; c.params["drop_pending_updates"] != "" {
			t.Error("what was waiting was dropped")
		}
	})
}

// A token that is not known is one line that says what to do, and is tried
// again every few minutes until somebody mends it.
func TestUnknownTokenIsOneLine(t *testing.T) {
	for _, r := range []reply{refuse(401, "Unauthorized"), refuse(404, "Not Found")} {
		synctest.Test(t, func(t *testing.T) {
			b, to := newBench(), &inbox{}
			b.stub.on("getUpdates", r, r, result("["+says(10, "sống lại")+"]"), reply{hang: true})
			stop := b.polling(to)
			time.Sleep(8 * time.Minute)
			if err := stop(); err != nil {
				t.Error(err)
			}
			if n := b.logs.times("level=ERROR"); n != 1 || b.logs.times("copy it from @BotFather into SACHHON_TELEGRAM_TOKEN") != 1 {
				t.Errorf("%d errors logged, want the one that says what to do:\n%s", n, b.logs.String())
			}
			if !slices.Equal(texts(to.all()), []string{"sống lại"}) {
				t.Errorf("received %v after %d polls", texts(to.all()), len(b.stub.made("getUpdates")))
			}
			b.clean(t)
		})
	}
}

// TestThemeUnknownKinds: what cannot be used is acknowledged, or it would come
// for ever; of each only the kind is logged.
func TestThemeUnknownKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.batch <- strings.Join([]string{
			`{"update_id":1,"subscription":{"secret":"bí mật"}}`,
			`{"update_id":2}`,
			`{"update_id":3,"edited_message":{"message_id":1,"text":"bí mật"}}`,
			`{"update_id":4,"channel_post":{"message_id":1,"chat":{"id":-1,"type":"channel"},"text":"bí mật"}}`,
			`{"update_id":5,"message":"bí mật"}`,
			`{"update_id":6,"message":null}`,
			`{"update_id":7,"callback_query":[1]}`,
			`{"update_id":8,"message":{"message_id":1,"from":{"id":9,"is_bot":true},"chat":{"id":9,"type":"private"},"text":"bí mật"}}`,
			says(9, "dùng được"),
		}, ",")
		stop := b.polling(to)
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if got := texts(to.all()); !slices.Equal(got, []string{"dùng được"}) {
			t.Errorf("received %v", got)
		}
		if got := offsets(b.stub); !slices.Equal(got, []string{"", "10"}) {
			t.Errorf("offsets %q", got)
		}
		if strings.Contains(b.logs.String(), "bí mật") || b.logs.times("kind=subscription") != 1 {
			t.Errorf("logged:\n%s", b.logs.String())
		}
	})
}

// What the library cannot read of a known message does not lose the rest.
func TestFieldThatChangedItsType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.batch <- sends(10, `"text":"đọc được","forward_date":"hôm qua","dice":7`)
		stop := b.polling(to)
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if got := texts(to.all()); !slices.Equal(got, []string{"đọc được"}) {
			t.Errorf("received %v", got)
		}
	})
}

// TestTrap11NothingIsNull: the library writes absent lists as "null", which
// would keep the kinds of updates set before. They are always named.
func TestTrap11NothingIsNull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(func(o *telegram.Options) {
			o.Commands = map[dialogs.Lang][]telegram.Command{"vi": {{Name: "menu", About: "Mở menu"}}, "en": {{Name: "menu", About: "Menu"}}}
			o.Description.VI, o.Short.VI = "Chào", "Chào"
		})
		b.files["file:1"] = "bytes"
		stop := b.polling(&inbox{})
		time.Sleep(time.Second)
		for _, m := range everyMessage() {
			if _, err := b.send(m); err != nil {
				t.Error(err)
			}
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		for _, c := range b.stub.made() {
			for k, v := range c.params {
				if v == "null" || v == "" {
					t.Errorf("%s: %s=%q", c.method, k, v)
				}
			}
			if c.method == "getUpdates" && c.params["allowed_updates"] != `["message","callback_query","my_chat_member"]` {
				t.Errorf("allowed_updates=%s", c.params["allowed_updates"])
			}
		}
	})
}

// A batch that is not one is trouble of the network, not an end.
func TestAnswerThatIsNoBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, to := newBench(), &inbox{}
		b.stub.on("getUpdates", result(`{"x":1}`), result(`[{"no_id":1}]`), result("["+says(10, "được")+"]"), reply{hang: true})
		stop := b.polling(to)
		time.Sleep(10 * time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if !slices.Equal(texts(to.all()), []string{"được"}) {
			t.Errorf("received %v", texts(to.all()))
		}
	})
}
