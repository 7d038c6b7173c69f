package programme_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// stories are played line by line. "An of Minh Phát registers: seat" registers
// An, of that enterprise, and says what comes of it; after the outcome and the
// position come those who are told, without the one who acted. "13 hours pass"
// moves the clock and ends the offers that run out meanwhile. Offers are held
// for 12 hours; the class is ten days away, with one session of eight hours.
var stories = []struct{ name, class, story string }{
	{"seats go first come, first served", "2 seats", `
		An registers: seat
		Bình registers: seat
		Chi registers: waiting 1
		Dũng registers: waiting 2`},
	{"a person is in a class once", "3 seats", `
		An registers: seat
		An registers: already
		An by Hoa registers: already
		AN of Minh Phát registers: already`},
	{"a colleague with the same contact is another person", "3 seats", `
		An registers: seat
		Bình by An registers: seat
		Bình by An registers: already
		Bình registers: already`},
	{"waiting people are told their place again", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		Chi registers: already 2`},
	{"two people of one enterprise, no more", "5 seats, 2 per enterprise", `
		An of Minh Phát registers: seat
		Bình of MINH PHAT registers: seat
		Chi of Minh Phát registers: quota
		Dũng of Thành Công registers: seat
		An cancels: ok
		Chi of Minh Phát registers: seat`},
	{"a cancelled seat is offered to the first, and the rest move up", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		Dũng registers: waiting 3
		An cancels: ok, Bình offered, Chi moved_up 1, Dũng moved_up 2
		Bình accepts: ok
		Bình accepts: ok`},
	{"who declines is not asked again, and may register anew", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		An cancels: ok, Bình offered, Chi moved_up 1
		Bình declines: ok, Chi offered
		Bình declines: ok
		Bình accepts: no_offer
		Bình registers: waiting 1
		Chi declines: ok, Bình offered`},
	{"who lets an offer run out goes to the end of the line", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		Dũng registers: waiting 3
		An cancels: ok, Bình offered, Chi moved_up 1, Dũng moved_up 2
		13 hours pass: Bình offer_expired 2, Chi offered, Dũng moved_up 1
		Bình accepts: no_offer
		Chi declines: ok, Dũng offered, Bình moved_up 1
		Dũng declines: ok, Bình offered
		Bình accepts: ok`},
	{"the seat is passed on once, not to and fro", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		An cancels: ok, Bình offered, Chi moved_up 1
		13 hours pass: Bình offer_expired 1, Chi offered
		13 hours pass: Chi offer_expired 2
		100 hours pass: nothing
		Dũng registers: seat
		Dũng cancels: ok, Bình offered, Chi moved_up 1`},
	{"a late yes counts while the seat is free", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		An cancels: ok, Bình offered
		13 hours pass: Bình offer_expired 1
		Bình accepts: ok
		Chi registers: waiting 1`},
	{"a newcomer takes the free seat before the silent one", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		An cancels: ok, Bình offered
		13 hours pass: Bình offer_expired 1
		Chi registers: seat
		Bình accepts: no_offer
		Dũng registers: waiting 1
		Bình cancels: ok`},
	{"leaving the line offers no seat that nobody wanted", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		An cancels: ok, Bình offered, Chi moved_up 1
		25 hours pass: Bình offer_expired 1, Chi offered, Chi offer_expired 2
		Bình cancels: ok, Chi moved_up 1
		Chi accepts: ok`},
	{"a late yes does not get past the limit of the enterprise", "2 seats, 1 per enterprise", `
		An registers: seat
		Dũng registers: seat
		Bình of Minh Phát registers: waiting 1
		An cancels: ok, Bình offered
		13 hours pass: Bình offer_expired 1
		Chi of Minh Phát registers: seat
		Dũng cancels: ok
		Bình accepts: no_offer
		Chi cancels: ok, Bình offered`},
	{"an offer ends with the start of a class that moves to an earlier day", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		An cancels: ok, Bình offered
		the class moves -235 hours: Bình class_moved
		6 hours pass: nothing
		Bình accepts: no_offer`},
	{"opening again keeps a closing time that is to come", "2 seats, closes after 24 hours", `
		the class closes: nothing
		the class opens: nothing
		An registers: seat
		25 hours pass: nothing
		Bình registers: closed`},
	{"what was attended stays when the contact leaves", "1 seat", `
		An registers: seat
		241 hours pass: nothing
		An attended: attended
		An leaves: nothing
		An absent: absent`},
	{"leaving the line lets the others up and offers nothing", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		Bình cancels: ok, Chi moved_up 1
		Bình cancels: ok`},
	{"an offer passes over an enterprise at its limit", "2 seats, 1 per enterprise", `
		An of Minh Phát registers: seat
		Bình of Thành Công registers: seat
		Chi of Tân Á registers: waiting 1
		An cancels: ok, Chi offered
		Dũng of Tân Á registers: quota`},
	{"those passed over keep their place", "1 seat, 1 per enterprise", `
		An registers: seat
		Bình of Minh Phát registers: waiting 1
		Chi of Minh Phát registers: waiting 2
		Dũng of Thành Công registers: waiting 3
		An cancels: ok, Bình offered, Chi moved_up 1, Dũng moved_up 2
		the class has 2 seats: Dũng offered
		Bình declines: ok, Chi offered`},
	{"more seats are offered in order", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		Dũng registers: waiting 3
		the class has 3 seats: Bình offered, Chi offered, Dũng moved_up 1
		the class has 2 seats: seats_held
		the class has 0 seats: seats_too_few`},
	{"a closed class takes nobody new and still fills", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		the class closes: nothing
		Chi registers: closed
		An registers: already
		An cancels: ok, Bình offered
		the class opens: nothing
		Chi registers: waiting 1`},
	{"registration ends at its closing time and can be opened again", "1 seat, closes after 24 hours", `
		23 hours pass: nothing
		An registers: seat
		1 hours pass: nothing
		Bình registers: closed
		the class opens: nothing
		Bình registers: waiting 1`},
	{"a planned class takes nobody yet", "1 seat, planned", `
		An registers: notopen
		the class opens: nothing
		An registers: seat`},
	{"a cancelled class tells everybody", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		An cancels: ok, Bình offered
		Chi registers: waiting 1
		the class is cancelled: Bình class_cancelled, Chi class_cancelled
		the class is cancelled: nothing
		Dũng registers: cancelled
		An registers: cancelled
		Bình cancels: ok
		Bình accepts: no_offer
		the class opens: class_cancelled
		the class moves 1 hours: class_cancelled
		the class has 9 seats: class_cancelled`},
	{"a moved class keeps seats, places and offers", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		the class moves 24 hours: An class_moved, Bình class_moved 1, Chi class_moved 2
		An cancels: ok, Bình offered, Chi moved_up 1
		the class moves -1 hours: Bình class_moved, Chi class_moved 1
		the class moves 0 hours: nothing
		Bình accepts: ok`},
	{"a moved class is offered once more to those who did not answer", "1 seat", `
		An registers: seat
		Bình of Minh Phát registers: waiting 1
		An cancels: ok, Bình offered
		13 hours pass: Bình offer_expired 1
		the class moves 24 hours: Bình class_moved, Bình offered`},
	{"an offer never outlasts the start", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		Chi registers: waiting 2
		235 hours pass: nothing
		An cancels: ok, Bình offered, Chi moved_up 1
		4 hours pass: nothing
		Bình accepts: ok
		Bình cancels: ok, Chi offered
		1 hours pass: nothing
		Chi accepts: no_offer
		Bình registers: started
		the class opens: class_started
		the class is cancelled: class_started`},
	{"after the start nobody cancels", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		240 hours pass: nothing
		An cancels: class_started
		Bình cancels: class_started
		Chi registers: started
		An registers: already
		9 hours pass: nothing
		Chi registers: started
		the class moves 100 hours: class_over`},
	{"a contact who leaves takes colleagues along", "2 seats", `
		An registers: seat
		Bình by An registers: seat
		Chi by An registers: waiting 1
		Dũng registers: waiting 2
		Em registers: waiting 3
		Hà registers: waiting 4
		An leaves: An cancelled, Bình cancelled, Chi cancelled, Dũng offered, Em offered, Hà moved_up 1
		An leaves: nothing`},
	{"attendance is for those with a seat, from two hours before", "1 seat", `
		An registers: seat
		Bình registers: waiting 1
		An attended: attendance_too_soon
		238 hours pass: nothing
		An attended: attended
		Bình attended: no_seat
		An absent: absent
		An seat: seat
		An late: attendance_unknown`},
}

const hold = 12 * time.Hour

var morning = time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)

func TestStories(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			p := newPlayer(t, s.class)
			for line := range strings.Lines(s.story) {
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				act, want, _ := strings.Cut(line, ": ")
				if got := p.play(act); got != want {
					t.Fatalf("%s\ngot  %s\nwant %s", act, got, want)
				}
				p.audit()
			}
		})
	}
}

// player plays a story.
type player struct {
	t       *testing.T
	records *memory
	class   string
	now     time.Time
	ids     map[string]string // the last registration of each name
	names   map[string]string
}

func newPlayer(t *testing.T, class string) *player {
	p := &player{t: t, records: newMemory(), now: morning, ids: map[string]string{}, names: map[string]string{}}
	req := programme.ClassRequest{Title: dialogs.Text{VI: "Lớp"}, Venue: "Hội trường B",
		Sessions: []programme.Session{{Starts: morning.Add(240 * time.Hour), Ends: morning.Add(248 * time.Hour)}}}
	for part := range strings.SplitSeq(class, ", ") {
		var hours int
		switch {
		case scan(part, "closes after %d hours", &hours):
			req.Closes = morning.Add(time.Duration(hours) * time.Hour)
		case scan(part, "%d per enterprise", &req.PerEnterprise), scan(part, "%d seat", &req.Seats):
		case part == "planned":
			req.Planned = true
		default:
			t.Fatalf("what is a class with %q?", part)
		}
	}
	c, err := programme.AddClass(p.records, req, strings.NewReader("1234567890"), p.now)
	if err != nil {
		t.Fatal(err)
	}
	p.class = c.ID
	return p
}

func scan(s, form string, to *int) bool {
	n, err := fmt.Sscanf(s, form, to)
	return n == 1 && err == nil
}

// play does one thing and tells what came of it.
func (p *player) play(act string) string {
	var n int
	switch {
	case scan(act, "%d hours pass", &n):
		return p.told("", p.pass(time.Duration(n)*time.Hour), nil)
	case strings.HasPrefix(act, "the class "):
		return p.change(strings.TrimPrefix(act, "the class "))
	case strings.HasSuffix(act, " registers"):
		return p.register(strings.TrimSuffix(act, " registers"))
	}
	who, what, _ := strings.Cut(act, " ")
	id := p.ids[answer.Fold(who)]
	var notices []programme.Notice
	var err error
	switch what {
	case "cancels":
		notices, err = programme.CancelRegistration(p.records, id, p.now, hold)
	case "accepts":
		notices, err = programme.AcceptOffer(p.records, id, p.now, hold)
	case "declines":
		notices, err = programme.DeclineOffer(p.records, id, p.now, hold)
	case "leaves":
		notices, err = programme.Leave(p.records, answer.Fold(who), p.now, hold)
		return p.told("", notices, err)
	default:
		r, err := programme.MarkAttendance(p.records, id, programme.RegistrationStatus(what), p.now)
		return p.told(string(r.Status), nil, err)
	}
	return p.told("ok", slices.DeleteFunc(notices, func(n programme.Notice) bool { return n.Registration.ID == id }), err)
}

func (p *player) change(what string) string {
	var n int
	var notices []programme.Notice
	var err error
	switch {
	case what == "opens":
		_, err = programme.OpenClass(p.records, p.class, p.now)
	case what == "closes":
		_, err = programme.CloseClass(p.records, p.class, p.now)
	case what == "is cancelled":
		_, notices, err = programme.CancelClass(p.records, p.class, p.now)
	case scan(what, "has %d seats", &n):
		_, notices, err = programme.ChangeSeats(p.records, p.class, n, p.now, hold)
	case scan(what, "moves %d hours", &n):
		c, _, _ := p.records.Class(p.class)
		for i := range c.Sessions {
			c.Sessions[i].Starts = c.Sessions[i].Starts.Add(time.Duration(n) * time.Hour)
			c.Sessions[i].Ends = c.Sessions[i].Ends.Add(time.Duration(n) * time.Hour)
		}
		old, _, _ := p.records.Class(p.class)
		_, notices, err = programme.MoveClass(p.records, programme.MoveRequest{Class: p.class, Sessions: c.Sessions}, p.now, hold)
		if len(notices) > 0 && !reflect.DeepEqual(*notices[0].Old, old) {
			p.t.Fatalf("the class is said to have been %+v; it was %+v", *notices[0].Old, old)
		}
	default:
		p.t.Fatalf("what does it mean that the class %s?", what)
	}
	return p.told("", notices, err)
}

// register registers "An of Minh Phát" or "Bình by An".
func (p *player) register(who string) string {
	who, contact, byOther := strings.Cut(who, " by ")
	name, firm, _ := strings.Cut(who, " of ")
	if !byOther {
		contact = name
	}
	res, notices, err := programme.Register(p.records, programme.RegisterRequest{Class: p.class, Contact: answer.Fold(contact),
		Colleague: byOther, Name: name, Enterprise: firm, Phone: phoneOf(name)}, p.now)
	if res.Outcome == programme.OutcomeSeat || res.Outcome == programme.OutcomeWaiting {
		p.ids[answer.Fold(name)], p.names[res.Registration.ID] = res.Registration.ID, name
		notices = slices.DeleteFunc(notices, func(n programme.Notice) bool { return n.Registration.ID == res.Registration.ID })
	}
	outcome := string(res.Outcome)
	if res.Position > 0 {
		outcome += fmt.Sprint(" ", res.Position)
	}
	return p.told(outcome, notices, err)
}

// phoneOf gives every name a mobile number of its own.
func phoneOf(name string) string {
	var sum uint32
	for _, c := range answer.Fold(name) {
		sum = sum*31 + uint32(c)
	}
	return fmt.Sprintf("+849%08d", sum%1e8)
}

// pass moves the clock and ends the offers that run out, in their order.
func (p *player) pass(d time.Duration) (all []programme.Notice) {
	end := p.now.Add(d)
	for {
		var next *programme.Registration
		for _, r := range p.records.all(p.class) {
			if r.Status == programme.Offered && !r.HoldUntil.After(end) && (next == nil || r.HoldUntil.Before(next.HoldUntil)) {
				next = &r
			}
		}
		if next == nil {
			p.now = end
			return all
		}
		p.now = next.HoldUntil
		notices, err := programme.ExpireOffer(p.records, next.ID, p.now, hold)
		if err != nil {
			p.t.Fatal(err)
		}
		all = append(all, notices...)
	}
}

// told puts an outcome and the notices into words.
func (p *player) told(outcome string, notices []programme.Notice, err error) string {
	if problem, ok := errors.AsType[programme.Problem](err); ok {
		return string(problem.Code)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	var words []string
	if outcome != "" {
		words = append(words, outcome)
	}
	for _, n := range notices {
		w := p.names[n.Registration.ID] + " " + string(n.Kind)
		if n.Position > 0 {
			w += fmt.Sprint(" ", n.Position)
		}
		words = append(words, w)
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

func (p *player) audit() {
	c, _, _ := p.records.Class(p.class)
	if err := programme.Audit(c, p.records.all(p.class)); err != nil {
		p.t.Fatal(err)
	}
}
