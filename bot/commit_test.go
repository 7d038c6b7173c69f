package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/config"
	"sachhon/bot/programme"
	"sachhon/bot/store/storetest"
	"sachhon/dialogs"
)

// openBot is the whole bot over a store in a temporary folder, without
// listeners; the store is checked when the test ends.
func openBot(t testing.TB) *Bot {
	t.Helper()
	cfg, err := config.Load(map[string]string{"data": t.TempDir()}, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := New(Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	if err := b.OpenHere(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		storetest.Check(t, b.store)
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// addClass opens a class that starts in thirty days.
func addClass(t testing.TB, b *Bot, seats int) string {
	t.Helper()
	return addClassIn(t, b, seats, 30)
}

func addClassIn(t testing.TB, b *Bot, seats, days int) string {
	t.Helper()
	starts := time.Now().AddDate(0, 0, days)
	c, err := b.AddClass(context.Background(), ClassSpec{Title: dialogs.Text{VI: "Sản xuất sạch hơn", EN: "Cleaner production"}, Venue: "Hội trường B",
		Seats: seats, Sessions: []SessionSpec{{starts, starts.Add(8 * time.Hour)}}})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// visitor is somebody who talks by the web.
type visitor struct {
	t    testing.TB
	b    *Bot
	at   channel.Address
	last uint64
	n    int
}

func newVisitor(t testing.TB, b *Bot, name string) *visitor {
	return &visitor{t: t, b: b, at: channel.Address{Channel: "web", ID: name}}
}

// say sends texts one after the other and returns what was answered to the last.
func (v *visitor) say(texts ...string) string {
	v.t.Helper()
	for _, text := range texts {
		v.n++
		in := channel.Incoming{ID: fmt.Sprintf("%s-%d", v.at.ID, v.n), Address: v.at, Input: dialogs.Say(text)}
		if err := v.b.committer.Receive(context.Background(), in); err != nil {
			v.t.Fatal(err)
		}
	}
	return v.heard()
}

// heard is what the bot said since the last time.
func (v *visitor) heard() string {
	v.t.Helper()
	entries, err := v.b.transcript(context.Background(), v.at, v.last, 1000)
	if err != nil {
		v.t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		v.last = e.Seq
		if e.From == channel.FromBot {
			all = append(all, e.Message.Text)
		}
	}
	return strings.Join(all, "\n")
}

// register goes through a whole registration up to before its confirmation.
func (v *visitor) register(class string, n int) {
	v.t.Helper()
	v.say("/start class_"+class, "Đăng ký", "Đồng ý, tiếp tục", "Cán bộ kỹ thuật", fmt.Sprintf("Nguyễn Văn %s", words(n)),
		fmt.Sprintf("Công ty Số %d", n), "Không nhớ", "Tổ trưởng", fmt.Sprintf("09%08d", n))
}

// words makes a name of a number, since names have no digits.
func words(n int) string {
	var b strings.Builder
	for _, d := range fmt.Sprint(n) {
		b.WriteString([]string{"An", "Bình", "Cường", "Dương", "Giang", "Hà", "Khánh", "Linh", "Minh", "Nga"}[d-'0'] + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestFiveHundredPeopleFortySeats(t *testing.T) {
	b := openBot(t)
	class := addClass(t, b, 40)
	const people = 500
	var wg sync.WaitGroup
	for n := range people {
		wg.Go(func() {
			v := newVisitor(t, b, fmt.Sprintf("p%03d", n))
			v.register(class, n)
			if said := v.say("Xác nhận"); !strings.Contains(said, "đã đăng ký") && !strings.Contains(said, "danh sách chờ") {
				t.Errorf("person %d was told: %s", n, said)
			}
		})
	}
	wg.Wait()
	var seats, waiting int
	err := boltStore{b.store}.View(context.Background(), func(tx Tx) error {
		line, err := programme.Line(tx, class)
		if err != nil {
			return err
		}
		for i, r := range line {
			if r.Number != 41+i {
				t.Errorf("position %d is number %d", i+1, r.Number)
			}
		}
		return tx.ClassRegistrations(class, func(r programme.Registration) bool {
			switch r.Status {
			case programme.Seat:
				seats++
				if r.Number > 40 {
					t.Errorf("number %d has a seat", r.Number)
				}
			case programme.Waiting:
				waiting++
			}
			return true
		})
	})
	if err != nil || seats != 40 || waiting != 460 {
		t.Errorf("%d seats, %d waiting, %v", seats, waiting, err)
	}
}

func TestSameUpdateTwiceActsOnce(t *testing.T) {
	b := openBot(t)
	class := addClass(t, b, 5)
	v := newVisitor(t, b, "an")
	v.register(class, 1)
	in := channel.Incoming{ID: "confirm", Address: v.at, Input: dialogs.Say("Xác nhận")}
	for range 3 {
		if err := b.committer.Receive(context.Background(), in); err != nil {
			t.Fatal(err)
		}
	}
	if said := v.heard(); strings.Count(said, "đã đăng ký") != 1 {
		t.Errorf("told:\n%s", said)
	}
}

// TestPanicIsUndoneAlone puts a turn that panics among neighbours: they are
// committed, its person is told, and the talk stays where it was.
func TestPanicIsUndoneAlone(t *testing.T) {
	b := openBot(t)
	class := addClass(t, b, 5)
	good, bad := newVisitor(t, b, "good"), newVisitor(t, b, "bad")
	good.register(class, 1)
	bad.register(class, 2)
	whole := b.turns.desk.do["class.register"]
	b.turns.desk.do["class.register"] = func(t *turn, args map[string]string) (dialogs.Outcome, error) {
		out, err := whole(t, args)
		if t.at.ID == "bad" {
			panic("a fault of the program")
		}
		return out, err
	}
	var wg sync.WaitGroup
	for _, v := range []*visitor{good, bad} {
		wg.Go(func() { v.say("Xác nhận") })
	}
	wg.Wait()
	b.turns.desk.do["class.register"] = whole
	good.last, bad.last = 0, 0
	if said := good.heard(); !strings.Contains(said, "đã đăng ký") {
		t.Errorf("the neighbour was told:\n%s", said)
	}
	if said := bad.heard(); strings.Contains(said, "đã đăng ký") || !strings.Contains(said, b.turns.engine.Load().Library().Text("turn.failed").VI) {
		t.Errorf("the person was told:\n%s", said)
	}
	if said := bad.say("Xác nhận"); !strings.Contains(said, "đã đăng ký") {
		t.Errorf("trying again was answered with:\n%s", said)
	}
}

func TestFailedRequestOfTheShellIsToldAndUndone(t *testing.T) {
	b := openBot(t)
	fault := errors.New("a fault")
	err := b.committer.Do(context.Background(), func(tx Tx, _ *effects) error {
		if err := tx.PutClass(programme.Class{ID: "zzzz"}); err != nil {
			return err
		}
		return fault
	})
	if !errors.Is(err, fault) {
		t.Errorf("error %v, want the fault", err)
	}
	err = boltStore{b.store}.View(context.Background(), func(tx Tx) error {
		if _, ok, _ := tx.Class("zzzz"); ok {
			t.Error("the class was kept")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestOrderIsKeptPerContact sends bursts of numbered questions from many people
// at once: each person's are kept in the order in which they were sent.
func TestOrderIsKeptPerContact(t *testing.T) {
	b := openBot(t)
	const people, burst = 50, 20
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			at := channel.Address{Channel: "web", ID: fmt.Sprintf("p%d", p)}
			for i := range burst {
				if err := b.committer.Receive(context.Background(), channel.Incoming{Address: at, Input: dialogs.Say(fmt.Sprintf("câu %d", i))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for p := range people {
		entries, err := b.transcript(context.Background(), channel.Address{Channel: "web", ID: fmt.Sprintf("p%d", p)}, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for _, e := range entries {
			if e.From != channel.FromPerson {
				continue
			}
			if want := fmt.Sprintf("câu %d", i); e.Message.Text != want {
				t.Fatalf("person %d: entry %q where %q was sent", p, e.Message.Text, want)
			}
			i++
		}
		if i != burst {
			t.Errorf("person %d: %d of %d were kept", p, i, burst)
		}
	}
}

func TestClosingCommitsWhatWaits(t *testing.T) {
	b := openBot(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept := map[string]bool{}
	for p := range 200 {
		wg.Go(func() {
			at := channel.Address{Channel: "web", ID: fmt.Sprintf("p%d", p)}
			err := b.committer.Receive(context.Background(), channel.Incoming{Address: at, Input: dialogs.Say("chào")})
			mu.Lock()
			defer mu.Unlock()
			kept[at.ID] = err == nil
		})
		if p == 100 {
			b.committer.Close()
		}
	}
	wg.Wait()
	for id, ok := range kept {
		entries, err := b.transcript(context.Background(), channel.Address{Channel: "web", ID: id}, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		if ok && len(entries) == 0 {
			t.Errorf("%s was told that it was kept, and it was not", id)
		}
	}
}

// FuzzTurns sends any bytes through the whole bot.
func FuzzTurns(f *testing.F) {
	b := openBot(f)
	class := addClass(f, b, 3)
	f.Add("/start class_"+class+"\nĐăng ký\nĐồng ý, tiếp tục\nKhác", uint64(1))
	f.Add("/riengtu\nXóa tất cả\nXóa tất cả\nchào", uint64(2))
	f.Add("/cuatoi\n/hoi\nLớp nào?\n/dung\n/language en", uint64(3))
	f.Fuzz(func(t *testing.T, script string, seed uint64) {
		v := newVisitor(t, b, fmt.Sprintf("f%d-%d", seed, rand.Uint64()))
		for i, line := range strings.Split(script, "\n") {
			if i > 30 {
				break
			}
			if said := v.say(line); said == "" {
				t.Fatalf("no answer to %q", line)
			}
		}
	})
}
