package outbox

import (
	"math"
	"time"
)

// A broadcast at the full rate would make every reply wait for the next free
// place in the second, and replies that come together for each other. So while
// people talk bulk leaves as many places free as replies are likely to come at
// once; when nobody talks it leaves none.
const (
	// talkOver is over how long the rate of replies is taken.
	talkOver = 10 * time.Second
	// quietAfter is how long after the last reply nobody is taken to talk.
	quietAfter = 30 * time.Second
	// perPlace is for how many replies a second one more place is kept, and
	// mostPlaces how many are at the most. With these 99 of 100 replies are begun
	// within 22 ms at one, four and ten a second (TestRepliesDuringABroadcast).
	perPlace   = 4
	mostPlaces = 4
)

// talk knows how many replies leave of late. The zero value: none.
type talk struct {
	rate float64 // a second, a moving average
	last time.Time
}

// replied notes that a reply left.
func (t *talk) replied(at time.Time) {
	t.rate = t.now(at) + 1/talkOver.Seconds()
	t.last = at
}

// now is the rate as it is at the given time.
func (t *talk) now(at time.Time) float64 {
	if t.last.IsZero() {
		return 0
	}
	return t.rate * math.Exp(-max(at.Sub(t.last), 0).Seconds()/talkOver.Seconds())
}

// places is how many places bulk leaves free, of so many that there are.
func (t *talk) places(at time.Time, of int) int {
	if t.last.IsZero() || at.Sub(t.last) > quietAfter {
		return 0
	}
	return min(1+int(t.now(at)/perPlace), mostPlaces, of-1)
}
