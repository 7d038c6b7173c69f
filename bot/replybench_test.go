package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sachhon/bot/channel/telegram"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/channel/webchat"
	"sachhon/bot/config"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// BenchmarkRepliesDuringBroadcast measures how long people wait for an answer on
// Telegram, from when they wrote to when the answer is there, over a real file
// with fsync on: while nothing else happens, and while a broadcast is listed
// from a hundred thousand contacts, shown to twenty thousand of them on the web
// page, and leaves to the others at the full rate. over-ms is by how much the
// slowest answer in a hundred is slower then; 50 are allowed.
func BenchmarkRepliesDuringBroadcast(b *testing.B) {
	for range b.N {
		b.StopTimer()
		r := newReplyBench(b)
		b.StartTimer()
		idle := r.talk(r.length)
		r.broadcast()
		busy := r.talk(r.length)
		b.StopTimer()
		sent := r.sent()
		b.ReportMetric(ms(idle), "idle-p99-ms")
		b.ReportMetric(ms(busy), "busy-p99-ms")
		b.ReportMetric(ms(busy-idle), "over-ms")
		b.ReportMetric(float64(sent)/r.length.Seconds(), "broadcast/s")
		r.stop()
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// replyBench is the whole bot on real time, with people who talk.
type replyBench struct {
	testing.TB
	*Bot
	srv     *telegramtest.Server
	talkers []*telegramtest.Person
	length  time.Duration // of one measurement
	cast    string
}

// Who there is, and how many answers a second are asked for.
const (
	benchListeners = 2000
	benchTalkers   = 50
	benchStrangers = 100_000
	benchOnTheWeb  = 5 // one in so many strangers reads the broadcast on the web page
	benchAsked     = 6
)

func newReplyBench(b testing.TB) *replyBench {
	r := &replyBench{TB: b, srv: telegramtest.New(telegramtest.Options{Token: testToken}), length: 30 * time.Second}
	data := b.TempDir()
	r.start(data, telegram.PaidRate)
	for i := range benchListeners {
		r.srv.NewPerson(int64(10_000+i), "N", "vi").Start("")
	}
	for i := range benchTalkers {
		r.talkers = append(r.talkers, r.srv.NewPerson(int64(90_000+i), "T", "vi"))
		r.talkers[i].Start("")
	}
	greeted := func() bool { return r.srv.Count("sendMessage", 200) >= benchListeners+benchTalkers }
	if err := r.srv.WaitFor(context.Background(), greeted); err != nil {
		b.Fatal(err)
	}
	r.fill()
	r.stop()
	r.start(data, 28)
	return r
}

func (r *replyBench) start(data string, rate int) {
	given := map[string]string{"data": data, "telegram-token": testToken, "telegram-rate": fmt.Sprint(rate), "timezone": zoneAtNoon()}
	cfg, err := config.Load(given, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		r.Fatal(err)
	}
	r.Bot = New(Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Transport: r.srv.RoundTripper(90 * time.Millisecond)})
	parts := append([]part{
		{"store", r.openStore, r.closeStore},
		{"content", func(context.Context) error { return r.LoadContent() }, nil},
		{"committer", r.startCommitter, r.stopCommitter},
	}, append(r.networkParts(), r.runnerPart(), r.feederPart())...)
	r.turns.channels["web"] = webchat.New(webPort{r.Bot}, r.webOptions()).Capabilities()
	if r.parts, err = startParts(context.Background(), r.log, parts); err != nil {
		r.Fatal(err)
	}
}

func (r *replyBench) stop() {
	if err := r.Stop(); err != nil {
		r.Fatal(err)
	}
}

// fill makes the talkers and the strangers no part of what the others get.
func (r *replyBench) fill() {
	err := r.store.Update(context.Background(), func(tx *store.Tx) error {
		var all []dialogs.Contact
		if err := tx.Contacts(func(c dialogs.Contact) bool { all = append(all, c); return true }); err != nil {
			return err
		}
		for i := range all {
			all[i].Learn("sector", dialogs.ChoiceOf("wood"))
			for _, t := range r.talkers {
				if slices.Contains(all[i].Addresses, addressOf(t).String()) {
					all[i].Learn("sector", dialogs.ChoiceOf("food"))
				}
			}
			if err := tx.PutContact(&all[i]); err != nil {
				return err
			}
		}
		for i := range benchStrangers {
			at, sector := fmt.Sprint("telegram:", 5_000_000+i), "food"
			if i%benchOnTheWeb == 0 {
				at, sector = fmt.Sprint("web:", i), "wood"
			}
			c := dialogs.Contact{ID: r.newID(), Lang: dialogs.Vietnamese, Created: r.clock(), Addresses: []string{at}}
			c.Learn("name", dialogs.TextOf("Nguyễn Thị Hòa"))
			c.Learn("sector", dialogs.ChoiceOf(sector))
			if err := tx.PutAddress(at, c.ID, false); err != nil {
				return err
			}
			if err := tx.PutContact(&c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (r *replyBench) broadcast() {
	v, err := r.CreateBroadcast(context.Background(), BroadcastSpec{Title: "Lịch", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."},
		Segment: json.RawMessage(`{"sector":["wood"]}`)}, "bench")
	if err != nil {
		r.Fatal(err)
	}
	r.cast = v.ID
}

// sent is how many messages of the broadcast have left, which has to be going on
// still.
func (r *replyBench) sent() int {
	v, err := r.Bot.Broadcast(context.Background(), r.cast)
	if err != nil || v.Status != "sending" {
		r.Fatalf("the broadcast is %s, %v", v.Status, err)
	}
	if v.Counts.Sent < benchStrangers/benchOnTheWeb {
		r.Fatalf("%d were sent it, not even all who read it on the web page", v.Counts.Sent)
	}
	return v.Counts.Sent - benchStrangers/benchOnTheWeb
}

// talk has people ask for help at random moments and returns how long the
// slowest answer in a hundred took.
func (r *replyBench) talk(length time.Duration) time.Duration {
	random := rand.New(rand.NewPCG(1, 2))
	asked := map[int64][]time.Time{}
	first := len(r.srv.Calls())
	for n, end := 0, time.Now().Add(length); time.Now().Before(end); n++ {
		time.Sleep(time.Duration(random.ExpFloat64() / benchAsked * float64(time.Second)))
		p := r.talkers[n%len(r.talkers)]
		asked[p.ID()] = append(asked[p.ID()], time.Now())
		p.Say("/trogiup")
	}
	time.Sleep(2 * time.Second)
	var took []time.Duration
	for _, c := range r.srv.Calls()[first:] {
		if list := asked[c.Chat]; c.Method == "sendMessage" && len(list) > 0 && !c.At.Before(list[0]) {
			took = append(took, c.At.Sub(list[0]))
			asked[c.Chat] = list[1:]
		}
	}
	for _, left := range asked {
		if len(left) > 0 {
			r.Fatalf("%d were not answered", len(left))
		}
	}
	slices.Sort(took)
	r.Logf("%d answers: p50 %v, p90 %v, p99 %v, longest %v", len(took), took[len(took)/2], took[len(took)*9/10], took[len(took)*99/100], took[len(took)-1])
	return took[len(took)*99/100]
}

// zoneAtNoon is a time zone in which it is about noon, so that no night holds
// anything back.
func zoneAtNoon() string {
	ahead := 12 - time.Now().UTC().Hour()
	switch {
	case ahead > 0:
		return fmt.Sprintf("Etc/GMT-%d", ahead) // the signs of these names are turned round
	case ahead < 0:
		return fmt.Sprintf("Etc/GMT+%d", -ahead)
	default:
		return "UTC"
	}
}
