package telegramtest

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

const (
	conflictPoll    = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	conflictWebhook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	conflictSet     = "Conflict: terminated by setWebhook request"
	longestPoll     = 50               // seconds; a longer wish becomes this
	conflictEvery   = 3 * time.Second  // between two refusals of conflict
	hastyPoll       = 3 * time.Second  // the same question again within this waits that long
	batching        = time.Millisecond // after the first update of a batch
)

// polling is what the server remembers of getUpdates.
type polling struct {
	abort        chan string // of the request that waits; nil: none does
	offset       int
	began        time.Time
	nextConflict time.Time
}

// getUpdates gives what happened (telegram-bot-api, Client.cpp,
// process_get_updates_query and do_get_updates; TDLib, TQueue.cpp).
func (s *Server) getUpdates(ctx context.Context, r *request) (any, *apiError) {
	if s.hook.url != "" {
		return nil, s.conflict(ctx, conflictWebhook)
	}
	offset := r.number("offset", 0)
	limit := min(max(r.number("limit", 100), 1), 100)
	timeout := min(max(r.number("timeout", 0), 0), longestPoll)
	s.allow(r)
	now := s.opts.Now()
	if p := &s.polling; offset == p.offset && !p.began.IsZero() {
		if timeout < 3 && now.Before(p.began.Add(hastyPoll)) {
			timeout = 3
		}
		if now.Before(p.began.Add(hastyPoll / 6)) {
			limit = 1
		}
	}
	s.polling.offset, s.polling.began = offset, now
	s.confirm(offset)
	if timeout > 0 && len(s.updates.waiting) == 0 {
		if e := s.wait(ctx, time.Duration(timeout)*time.Second); e != nil {
			return nil, e
		}
	}
	return s.batch(limit), nil
}

// wait lets go of the lock until something happened or the time is up. Whoever
// waited before is turned away.
func (s *Server) wait(ctx context.Context, timeout time.Duration) *apiError {
	if s.polling.abort != nil {
		s.polling.abort <- conflictPoll
	}
	abort := make(chan string, 1)
	s.polling.abort = abort
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		changed := s.changed
		s.mu.Unlock()
		reason, over := "", false
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case reason = <-abort:
		case <-ctx.Done():
			over = true
		}
		s.mu.Lock()
		if reason != "" {
			return s.conflict(ctx, reason)
		}
		if over || len(s.updates.waiting) > 0 {
			break
		}
	}
	if s.polling.abort == abort {
		s.polling.abort = nil
	}
	if len(s.updates.waiting) > 0 && ctx.Err() == nil {
		s.pause(ctx, batching)
	}
	return nil
}

// pause lets go of the lock for a while.
func (s *Server) pause(ctx context.Context, d time.Duration) {
	s.mu.Unlock()
	defer s.mu.Lock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// conflict refuses with 409; a second one within three seconds is answered
// three seconds later.
func (s *Server) conflict(ctx context.Context, text string) *apiError {
	now := s.opts.Now()
	if now.Before(s.polling.nextConflict) {
		s.pause(ctx, conflictEvery)
	} else {
		s.polling.nextConflict = now.Add(conflictEvery)
	}
	return asIs(409, text)
}

// confirm forgets what lies before an offset. One far beyond the newest update
// means the beginning; a negative one forgets all but the last ones.
func (s *Server) confirm(offset int) {
	q := &s.updates
	q.expire(s.opts.Now())
	switch {
	case offset < 0:
		if n := len(q.waiting) + offset; n > 0 {
			q.waiting = slices.Delete(q.waiting, 0, n)
		}
	case offset > 0 && offset <= q.newest+futureOffset:
		q.waiting = slices.DeleteFunc(q.waiting, func(u *update) bool {
			if u.id >= offset || u.again && !u.delivered {
				return false
			}
			if !u.delivered {
				s.violate("getUpdates: offset %d confirms update %d, which was never delivered", offset, u.id)
			}
			return true
		})
	}
}

// batch is the answer to getUpdates.
func (s *Server) batch(limit int) []json.RawMessage {
	s.updates.expire(s.opts.Now())
	out := []json.RawMessage{}
	size := 0
	for _, u := range s.updates.waiting {
		raw := u.json()
		if len(out) == limit || size+len(raw) > maxAnswer {
			break
		}
		size += len(raw)
		u.delivered = true
		s.noteDelivered(u)
		out = append(out, raw)
	}
	return out
}
