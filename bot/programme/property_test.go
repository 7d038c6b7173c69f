package programme_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// TestNobodyIsEverOversoldOrSeatedTwice plays random actions of many people, of
// the staff and of the clock, and holds every state against what was promised.
func TestNobodyIsEverOversoldOrSeatedTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(0, 9).Draw(t, "people at first") {
			w.register(t)
		}
		t.Repeat(map[string]func(*rapid.T){
			"":         w.promises,
			"register": w.register,
			"again":    w.registerAgain,
			"cancel":   w.act("cancel", programme.CancelRegistration),
			"accept":   w.act("accept", programme.AcceptOffer),
			"decline":  w.act("decline", programme.DeclineOffer),
			"expire":   w.act("expire", programme.ExpireOffer), // a timer that is early or late
			"leave":    w.leave,
			"wait":     w.wait,
			"seats":    w.seats,
			"close":    w.close,
			"open":     w.open,
			"move":     w.move,
			"attend":   w.attend,
			"abandon":  w.abandon,
		})
	})
}

// world is one class and what a caller of the rules would know of it.
type world struct {
	records *memory
	class   string
	now     time.Time
	// due is what the notices made the caller plan: holds and reminders.
	holds     map[string]time.Time
	reminders map[string][]programme.Reminder
	// told is the last place in line everybody was told.
	told map[string]int
	// who is the person behind each registration, which the rules do not know.
	who map[string]int
	// before is the state before the action under way.
	before map[string]programme.Registration
	// declined is who gave up a seat in the action under way.
	declined int
	what     string
}

func newWorld(t *rapid.T) *world {
	w := &world{records: newMemory(), now: morning, holds: map[string]time.Time{}, reminders: map[string][]programme.Reminder{},
		told: map[string]int{}, who: map[string]int{}, declined: -1}
	starts := w.now.Add(time.Duration(rapid.IntRange(3, 120).Draw(t, "starts in")) * time.Hour)
	c, err := programme.AddClass(w.records, programme.ClassRequest{Title: dialogs.Text{VI: "Lớp"}, Venue: "B",
		Seats: rapid.IntRange(1, 5).Draw(t, "seats"), PerEnterprise: rapid.IntRange(0, 2).Draw(t, "per enterprise"),
		Sessions: []programme.Session{{Starts: starts, Ends: starts.Add(8 * time.Hour)}}}, strings.NewReader("1234567890"), w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.class = c.ID
	return w
}

// person is the request of one of twelve people in four enterprises and none;
// every third has no phone, some are registered by another's contact.
func (w *world) person(n, byOther int) programme.RegisterRequest {
	req := programme.RegisterRequest{Class: w.class, Contact: fmt.Sprint("contact", n), Name: fmt.Sprint("Người ", n),
		Enterprise: []string{"", "Gỗ Minh Phát", "Thành Công", "Tân Á", "Gạch Đỏ"}[n%5]}
	if n%3 != 0 {
		req.Phone = fmt.Sprintf("+849000000%02d", n)
		if byOther >= 0 {
			req.Contact, req.Colleague = fmt.Sprint("contact", byOther), true
		}
	}
	if n%5 == 1 && n%2 == 0 {
		req.TaxCode = "3700145020"
	}
	return req
}

const people = 12

func (w *world) register(t *rapid.T) {
	n := rapid.IntRange(0, people-1).Draw(t, "person")
	w.enter(t, n, rapid.IntRange(-1, people-1).Draw(t, "by"))
}

// registerAgain presses the button of somebody who is in the class.
func (w *world) registerAgain(t *rapid.T) {
	r := w.any(t)
	if r == nil {
		t.Skip("nobody")
	}
	w.enter(t, w.who[r.ID], -1)
}

func (w *world) enter(t *rapid.T, n, by int) {
	w.begin("register")
	c := w.stands()
	res, notices, err := programme.Register(w.records, w.person(n, by), w.now)
	w.follow(t, notices, err)
	inside := w.inside(n)
	switch res.Outcome {
	case programme.OutcomeSeat, programme.OutcomeWaiting:
		if c.Status(w.now) != programme.StatusOpen && c.Status(w.now) != programme.StatusFull {
			t.Fatalf("registered for a class that is %s", c.Status(w.now))
		}
		w.who[res.Registration.ID] = n
		if res.Outcome == programme.OutcomeSeat && c.Left() <= 0 {
			t.Fatal("a seat that was not there")
		}
	case programme.OutcomeAlready:
		if w.who[res.Registration.ID] != n {
			t.Fatal("already there, as somebody else")
		}
	case programme.OutcomeQuota:
		if c.PerEnterprise == 0 || w.held(w.person(n, -1)) < c.PerEnterprise {
			t.Fatal("quota without reason")
		}
	}
	if inside && res.Outcome != programme.OutcomeAlready {
		t.Fatalf("registering again came to %s", res.Outcome)
	}
	if want, _ := programme.Position(w.records, &res.Registration); res.Outcome != programme.OutcomeQuota && res.Registration.ID != "" && res.Position != want {
		t.Fatalf("told position %d, is %d", res.Position, want)
	}
}

type onOne = func(programme.Records, string, time.Time, time.Duration) ([]programme.Notice, error)

// act does one thing to a registration, then once more: pressing a button twice
// must change nothing.
func (w *world) act(what string, do onOne) func(*rapid.T) {
	return func(t *rapid.T) {
		r := w.any(t)
		if r == nil {
			t.Skip("nobody")
		}
		w.begin(what)
		notices, err := do(w.records, r.ID, w.now, hold)
		if err == nil && what == "decline" {
			w.declined = w.who[r.ID]
		}
		w.follow(t, notices, err)
		if err != nil {
			return
		}
		if what == "expire" {
			w.timerGone(t, r)
		}
		before := maps.Clone(w.records.registrations)
		if again, err := do(w.records, r.ID, w.now, hold); len(again) > 0 || err != nil || !maps.Equal(before, w.records.registrations) {
			t.Fatalf("%s twice: %d notices, %v", what, len(again), err)
		}
	}
}

// timerGone is told of a timer that went off for r: it ends an offer whose time
// is over and nothing else.
func (w *world) timerGone(t *rapid.T, r *programme.Registration) {
	after := w.records.registrations[r.ID]
	if over := r.Status == programme.Offered && !w.now.Before(r.HoldUntil); over != (after != *r) {
		t.Fatalf("%s was %s until %v, and is %s", r.ID, r.Status, r.HoldUntil, after.Status)
	}
	if after.Status != programme.Offered {
		delete(w.holds, r.ID)
	}
}

func (w *world) leave(t *rapid.T) {
	w.begin("leave")
	contact := fmt.Sprint("contact", rapid.IntRange(0, people-1).Draw(t, "contact"))
	notices, err := programme.Leave(w.records, contact, w.now, hold)
	w.follow(t, notices, err)
	c := w.stands()
	for _, r := range w.records.all(w.class) {
		if r.Contact == contact && r.Status != programme.Cancelled && w.now.Before(c.Starts()) {
			t.Fatalf("%s is still %s", r.ID, r.Status)
		}
	}
	for _, n := range notices {
		if n.Kind == programme.NoticeOffered && n.Registration.Contact == contact {
			t.Fatal("a seat is offered to somebody who left")
		}
	}
}

// wait moves the clock and ends holds when they are over, as planned.
func (w *world) wait(t *rapid.T) {
	end := w.now.Add(time.Duration(rapid.IntRange(1, 20*60).Draw(t, "minutes")) * time.Minute)
	for {
		first := ""
		for _, id := range slices.Sorted(maps.Keys(w.holds)) {
			if !w.holds[id].After(end) && (first == "" || w.holds[id].Before(w.holds[first])) {
				first = id
			}
		}
		if first == "" {
			w.now = end
			return
		}
		w.now = w.holds[first]
		delete(w.holds, first)
		w.begin("hold over")
		notices, err := programme.ExpireOffer(w.records, first, w.now, hold)
		w.follow(t, notices, err)
	}
}

func (w *world) seats(t *rapid.T) {
	w.begin("seats")
	_, notices, err := programme.ChangeSeats(w.records, w.class, rapid.IntRange(0, 8).Draw(t, "seats"), w.now, hold)
	w.follow(t, notices, err)
}

func (w *world) close(t *rapid.T) {
	w.begin("close")
	_, err := programme.CloseClass(w.records, w.class, w.now)
	w.follow(t, nil, err)
}

func (w *world) open(t *rapid.T) {
	w.begin("open")
	_, err := programme.OpenClass(w.records, w.class, w.now)
	w.follow(t, nil, err)
}

func (w *world) move(t *rapid.T) {
	w.begin("move")
	starts := w.now.Add(time.Duration(rapid.IntRange(-5, 120).Draw(t, "hours")) * time.Hour)
	old := w.stands()
	_, notices, err := programme.MoveClass(w.records, programme.MoveRequest{Class: w.class, Venue: "C",
		Sessions: []programme.Session{{Starts: starts, Ends: starts.Add(8 * time.Hour)}}}, w.now, hold)
	w.follow(t, notices, err)
	for _, n := range notices {
		if n.Kind == programme.NoticeClassMoved && !reflect.DeepEqual(*n.Old, old) {
			t.Fatalf("told that the class was %+v; it was %+v", *n.Old, old)
		}
	}
	if c := w.stands(); err == nil && c.Sequence != old.Sequence+1 && (!c.Starts().Equal(old.Starts()) || old.Venue != "C") {
		t.Fatal("moved without a new sequence")
	}
}

func (w *world) attend(t *rapid.T) {
	r := w.any(t)
	if r == nil {
		t.Skip("nobody")
	}
	w.begin("attend")
	mark := rapid.SampledFrom([]programme.RegistrationStatus{programme.Attended, programme.Absent, programme.Seat}).Draw(t, "mark")
	_, err := programme.MarkAttendance(w.records, r.ID, mark, w.now)
	w.follow(t, nil, err)
	if err == nil {
		delete(w.reminders, r.ID) // all are past by then but those of a class that moves
	}
}

// abandon cancels the class, seldom.
func (w *world) abandon(t *rapid.T) {
	if rapid.IntRange(0, 30).Draw(t, "cancel") > 0 {
		t.Skip("not now")
	}
	w.begin("class cancelled")
	_, notices, err := programme.CancelClass(w.records, w.class, w.now)
	w.follow(t, notices, err)
}

func (w *world) begin(what string) {
	w.what, w.declined, w.before = what, -1, maps.Clone(w.records.registrations)
}

// follow does what a caller does with notices, and checks them.
func (w *world) follow(t *rapid.T, notices []programme.Notice, err error) {
	_, one := errors.AsType[programme.Problem](err)
	if err != nil && !one {
		t.Fatal(err)
	}
	if err != nil && !maps.Equal(w.before, w.records.registrations) {
		t.Fatalf("%s was refused and wrote all the same", w.what)
	}
	places := w.places()
	movedUp := map[string]int{}
	for i := range notices {
		n := &notices[i]
		w.plan(n)
		id := n.Registration.ID
		if n.Registration.Status == programme.Waiting {
			if n.Position != places[id] && n.Kind != programme.NoticeClassMoved {
				t.Fatalf("%s: %s told position %d, is %d", w.what, id, n.Position, places[id])
			}
			w.told[id] = n.Position
		}
		switch n.Kind {
		case programme.NoticeMovedUp:
			movedUp[id]++
		case programme.NoticeOffered:
			w.offered(t, &n.Registration)
		}
	}
	for id, times := range movedUp {
		if times > 1 {
			t.Fatalf("%s told %d times that they moved up", id, times)
		}
	}
}

func (w *world) plan(n *programme.Notice) {
	id := n.Registration.ID
	delete(w.holds, id)
	delete(w.reminders, id)
	switch n.Registration.Status {
	case programme.Offered:
		w.holds[id] = n.Registration.HoldUntil
	case programme.Seat:
		w.reminders[id] = programme.Reminders(&n.Class, w.now)
	}
}

// offered checks that a seat went to the right one.
func (w *world) offered(t *rapid.T, r *programme.Registration) {
	c := w.stands()
	if w.who[r.ID] == w.declined {
		t.Fatalf("%s is offered what they just declined", r.ID)
	}
	if w.what == "hold over" && !r.Lapsed.IsZero() {
		t.Fatalf("%s let an offer run out and is offered the seat of another who did", r.ID)
	}
	if r.HoldUntil.After(c.Starts()) || r.HoldUntil.After(w.now.Add(hold)) {
		t.Fatalf("%s: the hold ends too late", r.ID)
	}
	for id, o := range w.before {
		still := w.records.registrations[id]
		if o.Status == programme.Waiting && still.Status == programme.Waiting && ahead(&o, r) && w.room(&o) {
			t.Fatalf("%s is offered a seat before %s, who is ahead", r.ID, id)
		}
	}
}

// ahead says whether a stands in line before b: the rule, written anew.
func ahead(a, b *programme.Registration) bool {
	if a.Lapsed.Equal(b.Lapsed) {
		return a.Number < b.Number
	}
	return a.Lapsed.IsZero() || !b.Lapsed.IsZero() && a.Lapsed.Before(b.Lapsed)
}

// promises are held in every state.
func (w *world) promises(t *rapid.T) {
	c, all := w.stands(), w.records.all(w.class)
	if err := programme.Audit(c, all); err != nil {
		t.Fatal(err)
	}
	taken, persons := 0, map[int]string{}
	for i := range all {
		r := &all[i]
		if r.Status == programme.Cancelled {
			continue
		}
		if other := persons[w.who[r.ID]]; other != "" {
			t.Fatalf("%s and %s are one person", other, r.ID)
		}
		persons[w.who[r.ID]] = r.ID
		if r.Status != programme.Waiting {
			taken++
		}
		w.promisesTo(t, &c, r)
	}
	if taken > c.Seats {
		t.Fatalf("%d of %d seats are gone", taken, c.Seats)
	}
	if len(w.holds) > c.Offered {
		t.Fatalf("%d holds are planned for %d offers", len(w.holds), c.Offered)
	}
}

// promisesTo are those to one person in the class.
func (w *world) promisesTo(t *rapid.T, c *programme.Class, r *programme.Registration) {
	fills := w.now.Before(c.Starts()) && (c.State == programme.StateOpen || c.State == programme.StateClosed)
	switch r.Status {
	case programme.Offered:
		if r.HoldUntil.After(c.Starts()) {
			t.Fatalf("%s is held until %v, after the start", r.ID, r.HoldUntil)
		}
		if !w.holds[r.ID].Equal(r.HoldUntil) {
			t.Fatalf("%s is held until %v, planned is %v", r.ID, r.HoldUntil, w.holds[r.ID])
		}
	case programme.Seat:
		still := slices.DeleteFunc(slices.Clone(w.reminders[r.ID]), func(m programme.Reminder) bool { return !m.At.After(w.now) })
		if want := programme.Reminders(c, w.now); fills && !slices.Equal(still, want) {
			t.Fatalf("%s is to be reminded at %v, planned is %v", r.ID, want, still)
		}
	case programme.Waiting:
		if fills && r.Lapsed.IsZero() && c.Left() > 0 && w.room(r) {
			t.Fatalf("a seat is free while %s waits", r.ID)
		}
		if place := w.places()[r.ID]; r.Lapsed.IsZero() && w.told[r.ID] != place {
			t.Fatalf("%s is at place %d and was told %d", r.ID, place, w.told[r.ID])
		}
	}
}

// places counts everybody's place in line anew.
func (w *world) places() map[string]int {
	all, out := w.records.all(w.class), map[string]int{}
	for i := range all {
		if all[i].Status != programme.Waiting {
			continue
		}
		out[all[i].ID] = 1
		for j := range all {
			if all[j].Status == programme.Waiting && ahead(&all[j], &all[i]) {
				out[all[i].ID]++
			}
		}
	}
	return out
}

// held counts the seats of a person's enterprise anew.
func (w *world) held(req programme.RegisterRequest) (n int) {
	for _, r := range w.records.all(w.class) {
		same := r.Enterprise == req.Enterprise && r.TaxCode == req.TaxCode && req.Enterprise+req.TaxCode != ""
		if same && r.Status != programme.Waiting && r.Status != programme.Cancelled {
			n++
		}
	}
	return n
}

func (w *world) room(r *programme.Registration) bool {
	c := w.stands()
	return c.PerEnterprise == 0 || w.held(programme.RegisterRequest{Enterprise: r.Enterprise, TaxCode: r.TaxCode}) < c.PerEnterprise
}

func (w *world) inside(n int) bool {
	for id, r := range w.before {
		if who, known := w.who[id]; known && who == n && r.Status != programme.Cancelled {
			return true
		}
	}
	return false
}

// any draws one of all registrations there ever were, or of those with an offer.
func (w *world) any(t *rapid.T) *programme.Registration {
	all := w.records.all(w.class)
	if len(w.holds) > 0 && rapid.Bool().Draw(t, "one with an offer") {
		all = slices.DeleteFunc(all, func(r programme.Registration) bool { return r.Status != programme.Offered })
	}
	if len(all) == 0 {
		return nil
	}
	return &all[rapid.IntRange(0, len(all)-1).Draw(t, "registration")]
}

// stands is the class as it stands.
func (w *world) stands() programme.Class {
	c, _, _ := w.records.Class(w.class)
	return c
}
