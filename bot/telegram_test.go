package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/config"
	"sachhon/bot/outbox"
	"sachhon/bot/programme"
	"sachhon/bot/search"
	"sachhon/bot/store/storetest"
	"sachhon/content"
	"sachhon/dialogs"
)

const testToken = "8123456789:AAF-a_secret_that_is_nowhere"

// onTelegram is the whole bot on a stand-in for Telegram, in a bubble of its
// own time, without listeners.
type onTelegram struct {
	*testing.T
	srv  *telegramtest.Server
	b    *Bot
	logs *lockedBuffer
	// index stands in for the one that the bot would make.
	index *search.Index
}

// lockedBuffer keeps what is logged.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// builtIndex is the index of the embedded content, made outside of any bubble:
// making one hands work to goroutines that the library started long before.
var builtIndex = sync.OnceValues(func() (*search.Index, error) {
	set, problems := content.Load(content.Embedded())
	if set == nil {
		return nil, fmt.Errorf("load content: %v", problems)
	}
	x := search.New(set)
	return x, x.Make()
})

// inTelegram runs a test in a bubble; the server may not have seen anything
// that a well-behaved bot does not do, and the token is nowhere.
func inTelegram(t *testing.T, o telegramtest.Options, latency time.Duration, test func(w *onTelegram), settings ...string) {
	index, err := builtIndex()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		o.Token = testToken
		w := &onTelegram{T: t, srv: telegramtest.New(o), logs: &lockedBuffer{}}
		given := map[string]string{"data": t.TempDir(), "telegram-token": testToken, "centre-phone": "0274 3822 555"}
		for i := 0; i < len(settings); i += 2 {
			given[settings[i]] = settings[i+1]
		}
		cfg, err := config.Load(given, func(string) (string, bool) { return "", false }, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.b = New(Options{Config: cfg, Log: slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), Transport: w.srv.RoundTripper(latency)})
		w.index = index
		w.start()
		defer w.check()
		test(w)
	})
}

// check stops everything and looks at what is left.
func (w *onTelegram) check() {
	w.stop()
	w.srv.Close()
	for _, v := range w.srv.Violations() {
		w.Errorf("violation: %s", v)
	}
	if strings.Contains(w.logs.String(), testToken) || strings.Contains(w.logs.String(), strings.SplitN(testToken, ":", 2)[1]) {
		w.Error("the token is in the log")
	}
}

// start starts all of the program that waits for no listener.
func (w *onTelegram) start() {
	w.Helper()
	b := w.b
	b.networks = nil
	parts := append([]part{
		{"store", b.openStore, b.closeStore},
		{"content", func(context.Context) error { return b.LoadContent() }, nil},
		{"committer", b.startCommitter, b.stopCommitter},
	}, append(b.networkParts(), b.runnerPart(), b.feederPart())...)
	var err error
	if b.parts, err = startParts(context.Background(), b.log, parts); err != nil {
		w.Fatal(err)
	}
	b.index.Store(w.index)
}

func (w *onTelegram) stop() {
	w.Helper()
	storetest.Check(w.T, w.b.store)
	w.b.index.Store(nil) // it serves other tests too
	if err := w.b.Stop(); err != nil {
		w.Error(err)
	}
}

// enqueue hands messages to the outbox, as a commit does.
func (w *onTelegram) enqueue(rows []outbox.Row) {
	w.Helper()
	err := w.b.committer.Do(context.Background(), func(tx Tx, fx *effects) error {
		fx.queued = true
		for i := range rows {
			if err := tx.Enqueue(rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// settle lets everything happen that happens within d.
func (w *onTelegram) settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// says writes a text and returns what the bot says last within two seconds.
func (w *onTelegram) says(p *telegramtest.Person, text string) telegramtest.Shown {
	w.Helper()
	p.Say(text)
	w.settle(2 * time.Second)
	return w.last(p)
}

// presses presses a button, under a message or on the keyboard.
func (w *onTelegram) presses(p *telegramtest.Person, label string) telegramtest.Shown {
	w.Helper()
	if err := p.Press(label); err != nil {
		w.Fatal(err)
	}
	w.settle(2 * time.Second)
	return w.last(p)
}

func (w *onTelegram) last(p *telegramtest.Person) telegramtest.Shown {
	w.Helper()
	seen := p.Seen()
	if len(seen) == 0 {
		w.Fatalf("nothing was said to %d", p.ID())
	}
	return seen[len(seen)-1]
}

// wants complains unless a message holds a text.
func (w *onTelegram) wants(m telegramtest.Shown, part string) {
	w.Helper()
	if !strings.Contains(m.Text, part) {
		w.Fatalf("the bot said\n%s\nwant %q", m.Text, part)
	}
}

// play plays steps: "[label]" presses, "☎" shares the own number, anything
// else is typed; after "< " stands what the last message then must hold.
func (w *onTelegram) play(p *telegramtest.Person, steps ...string) {
	w.Helper()
	for _, s := range steps {
		switch {
		case strings.HasPrefix(s, "< "):
			w.wants(w.last(p), s[2:])
		case s == "☎":
			p.ShareContact()
			w.settle(2 * time.Second)
		case strings.HasPrefix(s, "["):
			w.presses(p, strings.Trim(s, "[]"))
		default:
			w.says(p, s)
		}
	}
}

// registrations are the live registrations of a class, by name.
func (w *onTelegram) registrations(class string) map[string]programme.Registration {
	w.Helper()
	all := map[string]programme.Registration{}
	err := boltStore{w.b.store}.View(context.Background(), func(tx Tx) error {
		return tx.ClassRegistrations(class, func(r programme.Registration) bool {
			if _, twice := all[r.Name]; twice {
				w.Errorf("%s is registered twice", r.Name)
			}
			all[r.Name] = r
			return true
		})
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func TestRegistrationsOnTelegram(t *testing.T) {
	inTelegram(t, telegramtest.Options{Rate: telegramtest.RealRate()}, 40*time.Millisecond, func(w *onTelegram) {
		class := addClass(t, w.b, 12)
		hoa := w.srv.NewPerson(1001, "Hòa", "vi")
		w.play(hoa, "/start class_"+class, "< Đây là lớp", "[Đăng ký]", "< Trung tâm cần họ tên", "[Đồng ý, tiếp tục]", "< tư cách nào", "[Cán bộ kỹ thuật]",
			"Nguyễn Thị Hòa", "Công ty Gỗ Minh Phát", "3700145020", "Tổ trưởng sản xuất", "< Số điện thoại")
		if k := hoa.Keyboard(); len(k) == 0 || !k[0][0].RequestContact {
			t.Errorf("the keyboard is %+v, want one that shares the own number", k)
		}
		w.play(hoa, "[Gửi số của tôi]", "< Điện thoại: 091", "[Xác nhận]", "< đã đăng ký")
		if k := hoa.Keyboard(); k != nil {
			t.Errorf("the keyboard %+v was left open", k)
		}

		dung := w.srv.NewPerson(1002, "Dung", "vi")
		w.play(dung, "da em muon dang ky lop a", "< Lớp", "dang ky", "dong y", "lanh dao", "tran van dung", "[Viết lại]", "Trần Văn Dũng",
			"cong ty go minh phat", "khong nho", "giam doc", "+84 912.345.679", "< 0912 345 679", "xac nhan", "< đã đăng ký")

		binh := w.srv.NewPerson(1003, "Binh", "en")
		w.play(binh, "/start", "< Hello!", "[Register for a class]", "< Class", "[Register]", "[Agree and continue]", "[Public authority]", "Lê Thị Bình",
			"Economic Division, Thuan An ward", "Officer", "☎", "< Please check", "[Confirm]", "< You're registered")

		all := w.registrations(class)
		for name, phone := range map[string]string{"Nguyễn Thị Hòa": "+84910001001", "Trần Văn Dũng": "+84912345679", "Lê Thị Bình": "+84910001003"} {
			if r := all[name]; r.Status != programme.Seat || r.Phone != phone {
				t.Errorf("%s: %+v, want a seat and %s", name, r, phone)
			}
		}
		if n := w.srv.Count("", 429); n > 0 {
			t.Errorf("asked to wait %d times", n)
		}
		hoa.Say("/cuatoi")
		w.settle(3 * time.Second)
		w.presses(hoa, "Thêm vào lịch")
		if m := w.last(hoa); m.Media == nil || m.Media.Name != "lop-"+class+".ics" || !strings.Contains(string(m.Media.Bytes), "BEGIN:VEVENT") {
			t.Errorf("the calendar file is %+v", m.Media)
		}
	})
}

func TestMenusAreTurnedInPlace(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		p := w.srv.NewPerson(1, "An", "vi")
		w.says(p, "/menu")
		before := len(p.Seen())
		m := w.presses(p, "Đăng ký của tôi")
		if len(p.Seen()) != before || !m.Edited {
			t.Errorf("the menu was not turned in place: %+v", p.Seen())
		}
	})
}

func TestOldAndForgedButtonsGetAKindAnswer(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		class := addClass(t, w.b, 5)
		p := w.srv.NewPerson(1, "An", "vi")
		w.play(p, "/start class_"+class, "[Đăng ký]", "< Trung tâm cần họ tên", "[Đồng ý, tiếp tục]", "< tư cách nào")
		agreed := p.Seen()[1]
		p.PressOn(agreed.ID, agreed.Buttons[0][0].Data) // twice the same
		w.settle(3 * time.Second)
		w.wants(w.last(p), "tư cách nào")
		for _, forged := range []string{"x", strings.Repeat("z", 64), "1.person.~confirm", agreed.Buttons[0][0].Data + "x", "AAAAAAAA/dung"} {
			p.PressOn(agreed.ID, forged)
			w.settle(3 * time.Second)
			w.wants(w.last(p), "tư cách nào")
		}
		if n := w.srv.Count("answerCallbackQuery", 200); n != 8 {
			t.Errorf("%d presses were answered, want 8", n)
		}
		other := w.srv.NewPerson(2, "Bình", "vi")
		w.says(other, "/menu")
		other.PressOn(w.last(other).ID, agreed.Buttons[0][0].Data) // somebody else's button
		w.settle(3 * time.Second)
		w.wants(w.last(other), "cần việc gì")
	})
}

func TestSomebodyElsesNumberIsNotTheirOwn(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		class := addClass(t, w.b, 5)
		p := w.srv.NewPerson(1, "An", "vi")
		w.play(p, "/start class_"+class, "[Đăng ký]", "[Đồng ý, tiếp tục]", "[Khác]", "Nguyễn Văn An", "Công ty A", "[Không nhớ]", "Thợ", "< Số điện thoại")
		p.ShareContactOf("84987654321", "Sếp", 99)
		w.settle(2 * time.Second)
		w.wants(w.last(p), "0987 654 321") // taken as typed
		known := dialogs.Value{}
		err := boltStore{w.b.store}.View(context.Background(), func(tx Tx) error {
			return tx.Contacts(func(c dialogs.Contact) bool { known = c.Fact("phone"); return true })
		})
		if err != nil || known.Num == 1 {
			t.Errorf("the number of somebody else counts as vouched for: %+v, %v", known, err)
		}
	})
}

func TestBlockedIsNotWrittenToUntilBack(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 4)
		p := w.srv.NewPerson(1, "An", "vi")
		w.play(p, "/start class_"+class, "[Đăng ký]", "[Đồng ý, tiếp tục]", "[Khác]", "Nguyễn Văn An", "Công ty A", "[Không nhớ]", "Thợ", "0912345678", "[Xác nhận]", "< đã đăng ký")
		p.Block()
		w.settle(2 * time.Second)
		sent := w.srv.Count("sendMessage", 0)
		w.settle(4 * 24 * time.Hour) // three reminders fall due
		if n := w.srv.Count("sendMessage", 0); n != sent {
			t.Errorf("%d messages were sent to somebody who shut the bot out", n-sent)
		}
		p.Unblock()
		w.wants(w.says(p, "/menu"), "cần việc gì")
	})
}

func TestRemindersComeByTelegram(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		class := addClassIn(t, w.b, 5, 4)
		p := w.srv.NewPerson(1, "An", "vi")
		w.play(p, "/start class_"+class, "[Đăng ký]", "[Đồng ý, tiếp tục]", "[Khác]", "Nguyễn Văn An", "Công ty A", "[Không nhớ]", "Thợ", "0912345678", "[Xác nhận]", "< đã đăng ký")
		before := len(p.Seen())
		w.settle(4 * 24 * time.Hour)
		if n := len(p.Seen()) - before; n != 3 {
			t.Errorf("%d reminders, want 3: %+v", n, p.Seen()[before:])
		}
	})
}

// crowd is people who each say five things in a burst, one of which registers.
func crowd(w *onTelegram, people int) []*telegramtest.Person {
	var all []*telegramtest.Person
	for i := range people {
		all = append(all, w.srv.NewPerson(int64(5000+i), fmt.Sprint("N", i), "vi"))
	}
	return all
}

// TestBurstsKeepTheirOrder has two hundred people write five messages each at
// once, under duplicate delivery, by polling and by webhook: what the store has
// of each of them is in order, complete and there once.
func TestBurstsKeepTheirOrder(t *testing.T) {
	const burst = 5
	people := 200
	if testing.Short() {
		people = 40
	}
	play := func(w *onTelegram) {
		all := crowd(w, people)
		w.srv.DuplicateNext(people * burst / 2)
		var wg sync.WaitGroup
		for i, p := range all {
			wg.Go(func() {
				for n := range burst {
					p.Say(fmt.Sprintf("câu %d của %d", n, i))
				}
			})
		}
		wg.Wait()
		w.settle(10 * time.Minute)
		for i := range all {
			entries, err := w.b.transcript(context.Background(), addressOf(all[i]), 0, 1000)
			if err != nil {
				t.Fatal(err)
			}
			var said, want []string
			for _, e := range entries {
				if e.From == 0 {
					said = append(said, e.Message.Text)
				}
			}
			for n := range burst {
				want = append(want, fmt.Sprintf("câu %d của %d", n, i))
			}
			if !slices.Equal(said, want) {
				t.Errorf("person %d said %q, want %q", i, said, want)
			}
			if len(all[i].Seen()) == 0 {
				t.Errorf("person %d got no answer", i)
			}
		}
		if n := w.srv.Count("", 429); n > 0 {
			t.Errorf("asked to wait %d times", n)
		}
	}
	t.Run("polling", func(t *testing.T) {
		inTelegram(t, telegramtest.Options{Rate: telegramtest.RealRate()}, 30*time.Millisecond, play)
	})
	t.Run("webhook", func(t *testing.T) {
		hook := &hookTransport{}
		o := telegramtest.Options{Rate: telegramtest.RealRate(), WebhookTransport: hook}
		inTelegram(t, o, 30*time.Millisecond, func(w *onTelegram) {
			hook.to.Store(&w.b.networks[0].hook)
			play(w)
			if n := w.srv.Count("getUpdates", 0); n > 0 {
				t.Errorf("updates were fetched %d times beside the webhook", n)
			}
		}, "telegram-webhook", "true", "public-url", "https://chat.example.vn")
	})
}

// TestPressBeforeTheMessageItFollows has callbacks overtake messages, as
// webhooks let them.
func TestPressBeforeTheMessageItFollows(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 10*time.Millisecond, func(w *onTelegram) {
		class := addClass(t, w.b, 5)
		p := w.srv.NewPerson(1, "An", "vi")
		w.play(p, "/start class_"+class, "< Đây là lớp")
		release := w.srv.HoldBack("message")
		p.Say("mai em gửi")
		w.presses(p, "Đăng ký")
		release()
		w.settle(3 * time.Second)
		w.play(p, "[Đồng ý, tiếp tục]", "< tư cách nào")
	})
}

func addressOf(p *telegramtest.Person) channel.Address {
	return channel.Address{Channel: "telegram", ID: fmt.Sprint(p.ID())}
}

// hookTransport carries updates to the bot's webhook in process.
type hookTransport struct{ to atomic.Pointer[http.Handler] }

// RoundTrip delivers an update; before the bot is up nobody answers.
func (h *hookTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	to := h.to.Load()
	if to == nil {
		return nil, errors.New("connect: connection refused")
	}
	rec := httptest.NewRecorder()
	(*to).ServeHTTP(rec, r)
	return rec.Result(), nil
}

// TestFifteenHundredToTelegram sends 1,500 messages to a server that refuses
// the 31st in any sliding second, or keeps a bucket of thirty, and punishes
// whoever asks during a wait.
func TestFifteenHundredToTelegram(t *testing.T) {
	const rate = 30
	messages := 1500
	if testing.Short() {
		messages = 200
	}
	for _, c := range []struct {
		name string
		rate telegramtest.Rate
		most float64
	}{
		{"sliding second", telegramtest.Rate{PerSecond: rate, ChatRefill: 1, ChatCapacity: 1, Lengthen: time.Second}, 1.03},
		{"bucket", telegramtest.Rate{Refill: rate, Capacity: rate, ChatRefill: 1, ChatCapacity: 1, Lengthen: time.Second}, 1.003},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTelegram(t, telegramtest.Options{Rate: c.rate}, 90*time.Millisecond, func(w *onTelegram) {
				var rows []outbox.Row
				for i := range messages {
					p := w.srv.NewPerson(int64(10_000+i), "N", "vi")
					p.Start("")
					rows = append(rows, outbox.Row{Lane: outbox.Bulk, Address: addressOf(p), Message: dialogs.Message{Text: fmt.Sprint("tin ", i)}})
				}
				w.settle(2 * time.Minute)
				for i := range rows {
					rows[i].Queued = time.Now()
				}
				w.enqueue(rows)
				began := time.Now()
				w.settle(2 * time.Minute)
				var last time.Time
				taken := 0
				for _, call := range w.srv.Calls() {
					if call.Method == "sendMessage" && call.Status == 200 && call.At.After(began) {
						taken++
						last = call.At
					}
				}
				ideal := time.Duration(messages) * time.Second / rate
				ratio := float64(last.Sub(began)) / float64(ideal)
				if taken != messages || w.srv.Count("", 429) > 0 || ratio > c.most {
					t.Errorf("%d of %d messages, %d × 429, %.4f of the ideal time, want at most %v", taken, messages, w.srv.Count("", 429), ratio, c.most)
				}
				t.Logf("%.4f of the ideal %v", ratio, ideal)
			}, "telegram-rate", fmt.Sprint(rate))
		})
	}
}
