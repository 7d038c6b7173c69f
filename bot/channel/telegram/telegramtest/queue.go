package telegramtest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the queue of updates holds at most, and how much of it one answer.
const (
	maxUpdates   = 100_000
	maxUpdate    = 512 << 10 // bytes
	maxAnswer    = 4 << 20   // bytes
	futureOffset = 10
)

// update is one thing that happened, on its way to the bot.
type update struct {
	id        int
	kind      string
	lane      string // what is kept in order by webhooks
	body      json.RawMessage
	expires   time.Time
	delivered bool
	again     bool // it was confirmed once and comes again
}

// json is the update as it is sent.
func (u *update) json() json.RawMessage {
	return slices.Concat(json.RawMessage(`{"update_id":`+strconv.Itoa(u.id)+`,"`+u.kind+`":`), u.body, json.RawMessage("}"))
}

// queue holds the updates that the bot has not confirmed.
type queue struct {
	waiting []*update
	past    []*update // all that ever were, for repeating them
	next    int       // id of the next one
	newest  int       // id of the last one; 0: there was none
	at      time.Time // when it was made
	allowed map[string]bool
	twice   int // how many more are to be delivered twice
	held    map[string][]*update
}

// updateKinds are the kinds of updates; false: only on request.
var updateKinds = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true, "business_connection": true,
	"business_message": true, "edited_business_message": true, "deleted_business_messages": true, "inline_query": true,
	"chosen_inline_result": true, "callback_query": true, "shipping_query": true, "pre_checkout_query": true,
	"purchased_paid_media": true, "poll": true, "poll_answer": true, "my_chat_member": true, "chat_join_request": true,
	"chat_boost": true, "removed_chat_boost": true, "chat_member": false, "message_reaction": false, "message_reaction_count": false,
}

func defaultUpdates() map[string]bool {
	out := map[string]bool{}
	for kind, usual := range updateKinds {
		if usual {
			out[kind] = true
		}
	}
	return out
}

// allow takes the kinds of updates that the bot asks for. What is absent or no
// list leaves them as they are, for good; an empty list, or one of unknown
// names alone, makes them the usual ones.
func (s *Server) allow(r *request) (changed bool) {
	var names []string
	raw := r.get("allowed_updates")
	if raw == "" || json.Unmarshal([]byte(raw), &names) != nil {
		return false
	}
	allowed := map[string]bool{}
	for _, name := range names {
		name = strings.ToLower(name)
		if _, known := updateKinds[name]; known {
			allowed[name] = true
		} else {
			s.violate("%s: unknown kind of update %q", r.method, name)
		}
	}
	if len(allowed) == 0 {
		allowed = defaultUpdates()
	}
	same := len(allowed) == len(s.updates.allowed)
	for kind := range allowed {
		same = same && s.updates.allowed[kind]
	}
	s.updates.allowed = allowed
	return !same
}

// happen queues an update and returns its id; 0: the bot does not hear of this
// kind, or later only.
func (s *Server) happen(kind, lane string, body any, at time.Time, life time.Duration) int {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // every body is one of our own types
	}
	if !s.updates.allowed[kind] || len(raw) > maxUpdate {
		return 0
	}
	u := &update{kind: kind, lane: lane, body: raw, expires: at.Add(life)}
	if _, held := s.updates.held[kind]; held {
		s.updates.held[kind] = append(s.updates.held[kind], u)
		return 0
	}
	return s.enqueue(u)
}

func (s *Server) enqueue(u *update) int {
	q := &s.updates
	now := s.opts.Now()
	if !q.at.IsZero() && now.Sub(q.at) >= week {
		q.next = 1 + rand.IntN(1<<30)
	}
	u.id, q.newest, q.at = q.next, q.next, now
	q.next++
	q.push(u)
	if q.twice > 0 {
		q.twice--
		again := *u
		q.push(&again)
	}
	s.touch()
	s.deliverMore()
	return u.id
}

func (q *queue) push(u *update) {
	q.past = append(q.past, u)
	if len(q.waiting) < maxUpdates {
		q.waiting = append(q.waiting, u)
	}
}

// expire drops what nobody fetched in time.
func (q *queue) expire(now time.Time) {
	q.waiting = slices.DeleteFunc(q.waiting, func(u *update) bool { return !u.expires.After(now) })
}

// Redeliver puts updates that the bot confirmed into the queue again, as after
// a failure at Telegram's side: the same ids with the same content.
func (s *Server) Redeliver(ids ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		for _, u := range s.updates.past {
			if u.id == id {
				again := *u
				again.delivered, again.again = false, true
				s.updates.waiting = append(s.updates.waiting, &again)
				break
			}
		}
	}
	slices.SortStableFunc(s.updates.waiting, func(a, b *update) int { return a.id - b.id })
	s.touch()
	s.deliverMore()
}

// DuplicateNext makes each of the next n updates arrive twice.
func (s *Server) DuplicateNext(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.twice = n
}

// HoldBack keeps updates of a kind ("message", "callback_query", …) back until
// release is called, so that others overtake them.
func (s *Server) HoldBack(kind string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.updates.held == nil {
		s.updates.held = map[string][]*update{}
	}
	if _, already := s.updates.held[kind]; !already {
		s.updates.held[kind] = nil
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late := s.updates.held[kind]
		delete(s.updates.held, kind)
		for _, u := range late {
			s.enqueue(u)
		}
	}
}

// ResetUpdateIDs makes the next update have this id, as happens after a week
// without any; ids may go down.
func (s *Server) ResetUpdateIDs(next int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.next = next
}

// PendingUpdates is how many updates the bot has not confirmed.
func (s *Server) PendingUpdates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.expire(s.opts.Now())
	return len(s.updates.waiting)
}
