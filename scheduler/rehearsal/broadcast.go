package rehearsal

import (
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Broadcast is the rehearsal of one broadcast.
type Broadcast struct {
	*play
	what   scheduler.Push
	scene  scheduler.Person // used again for everybody
	people []recipient
	sent   []scheduler.Sent // of those who had something lately
	names  []string         // contacts, as far as rows are kept
}

// recipient is one of a million.
type recipient struct {
	openUntil int64 // Unix seconds; 0: always
	sent      int32 // 1 + the place in sent; 0: nothing
	line      int8
	english   bool
	blocked   bool
}

// NewBroadcast prepares the rehearsal of a broadcast; it begins at its time, or
// at that of the stage where that is later.
func (s *Stage) NewBroadcast(b *scheduler.Broadcast) *Broadcast {
	from := s.From
	if b.SendAt.After(from) {
		from = b.SendAt
	}
	r := &Broadcast{what: b.Push()}
	r.play = newPlay(s, from, r)
	return r
}

// Add adds a contact as [scheduler.Casting.Consider] found them: r and meant are
// its answer, p is whom it was asked about, with what they were sent lately and
// until when their network takes messages. Nothing of p is kept.
func (b *Broadcast) Add(p *scheduler.Person, r *scheduler.Recipient, meant bool) {
	if !meant {
		b.tally.Outside++
		return
	}
	one := recipient{line: int8(b.lineOf(r.Address)), english: r.Lang == dialogs.English}
	if !p.OpenUntil.IsZero() {
		one.openUntil = p.OpenUntil.Unix()
	}
	if p.Sent != (scheduler.Sent{}) {
		b.sent = append(b.sent, p.Sent)
		one.sent = int32(len(b.sent))
	}
	if one.line >= 0 {
		one.blocked = b.Rand.Float64() < b.lines[one.line].Network.Blocked
	}
	if len(b.names) < b.Keep {
		b.names = append(b.names, p.Contact.ID)
	}
	t := task{person: int32(len(b.people)), kind: b.what.Kind}
	b.people = append(b.people, one)
	switch {
	case r.State == scheduler.Skipped:
		b.tally.settle(b.play, int(one.line), &t, End{State: scheduler.Skipped, Reason: r.Reason, At: b.now})
	case one.line < 0:
		b.tally.settle(b.play, -1, &t, End{State: scheduler.Skipped, Reason: scheduler.Unreachable, At: b.now})
	default:
		b.add(int(one.line), b.now, t)
	}
}

// lineOf finds the line of an address; -1: there is none.
func (p *play) lineOf(at string) int {
	channel := scheduler.ChannelOf(at)
	for i := range p.lines {
		if p.lines[i].Name == channel {
			return i
		}
	}
	return -1
}

// Play plays it to the end, once.
func (b *Broadcast) Play() (Report, error) {
	if err := b.run(); err != nil {
		return Report{}, err
	}
	return b.report(), nil
}

func (b *Broadcast) push(*task) *scheduler.Push { return &b.what }

func (b *Broadcast) decide(t *task, now time.Time) scheduler.Verdict {
	r := &b.people[t.person]
	b.scene.OpenUntil, b.scene.Sent = time.Time{}, scheduler.Sent{}
	if r.openUntil != 0 {
		b.scene.OpenUntil = time.Unix(r.openUntil, 0)
	}
	if r.sent != 0 {
		b.scene.Sent = b.sent[r.sent-1]
	}
	return b.Gate.Moment(&b.what, &b.scene, now)
}

func (b *Broadcast) handed(*task, time.Time)    {}
func (b *Broadcast) takenBack(*task, time.Time) {}
func (b *Broadcast) settled(*task, End)         {}
func (b *Broadcast) shut(t *task) bool          { return b.people[t.person].blocked }

func (b *Broadcast) person(t *task) (contact, lang string) {
	lang = string(dialogs.Vietnamese)
	if b.people[t.person].english {
		lang = string(dialogs.English)
	}
	if int(t.person) < len(b.names) {
		contact = b.names[t.person]
	}
	return contact, lang
}
