package programme

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// ClassRequest is a class to be added. The fields mean what those of [Class] do.
type ClassRequest struct {
	Title, Content dialogs.Text // the title in Vietnamese is required
	Sector         string
	Venue          string
	Sessions       []Session // in any order
	Seats          int
	PerEnterprise  int
	Closes         time.Time
	// Planned leaves registration shut until [OpenClass].
	Planned bool
}

// The longest texts of a class, in characters: a title fits a line of a button
// list and of a certificate, all three together one message of any network.
const (
	maxTitle   = 200
	maxVenue   = 300
	maxContent = 2000
)

// maxSeats is more than any hall of the centre holds: a larger number is a slip.
const maxSeats = 10000

// AddClass adds a class with an id drawn from random and opens it, unless it is
// only planned. The error is [Problems] when the request is not right. A class
// that is under way may be added, one that is over may not.
func AddClass(records Records, req ClassRequest, random io.Reader, now time.Time) (Class, error) {
	c := req.class(now)
	if ps := c.problems(now); len(ps) > 0 {
		return Class{}, ps
	}
	var err error
	if c.ID, err = freshID(records, random); err != nil {
		return Class{}, fmt.Errorf("add class: %w", err)
	}
	if err := records.PutClass(c); err != nil {
		return Class{}, fmt.Errorf("keep class: %w", err)
	}
	return c, nil
}

func (q *ClassRequest) class(now time.Time) Class {
	c := Class{
		Title:   dialogs.Text{VI: oneLine(q.Title.VI), EN: oneLine(q.Title.EN)},
		Content: dialogs.Text{VI: answer.Clean(q.Content.VI), EN: answer.Clean(q.Content.EN)},
		Sector:  q.Sector, Venue: oneLine(q.Venue), Sessions: inOrder(q.Sessions),
		Seats: q.Seats, PerEnterprise: q.PerEnterprise, State: StateOpen,
		Created: second(now), Changed: second(now),
	}
	if !q.Closes.IsZero() {
		c.Closes = second(q.Closes)
	}
	if q.Planned {
		c.State = StatePlanned
	}
	return c
}

// problems are all that is wrong with a class as it is being written down.
func (c *Class) problems(now time.Time) (ps Problems) {
	found := func(wrong bool, code Code) {
		if wrong {
			ps = append(ps, Problem{Code: code})
		}
	}
	found(c.Title.VI == "", TitleMissing)
	found(longer(c.Title.VI, maxTitle) || longer(c.Title.EN, maxTitle), TitleLong)
	found(longer(c.Content.VI, maxContent) || longer(c.Content.EN, maxContent), ContentLong)
	found(c.Venue == "", VenueMissing)
	found(longer(c.Venue, maxVenue), VenueLong)
	found(!slices.Contains([]string{"", SectorWood, SectorTobacco, SectorFood, SectorChemicals}, c.Sector), SectorUnknown)
	found(c.Seats < 1, SeatsTooFew)
	found(c.Seats > maxSeats, SeatsTooMany)
	found(c.PerEnterprise < 0, QuotaNegative)
	if times := c.wrongTimes(now); times != nil {
		return append(ps, times...)
	}
	found(c.Closes.After(c.Starts()), ClosesLate)
	return ps
}

// wrongTimes are the problems of the sessions.
func (c *Class) wrongTimes(now time.Time) (ps Problems) {
	if len(c.Sessions) == 0 {
		return Problems{{Code: SessionsMissing}}
	}
	for i, s := range c.Sessions {
		switch {
		case !s.Ends.After(s.Starts):
			ps = append(ps, Problem{Code: SessionOrder, Session: i + 1})
		case i > 0 && s.Starts.Before(c.Sessions[i-1].Ends):
			ps = append(ps, Problem{Code: SessionOverlap, Session: i + 1})
		}
	}
	if ps == nil && !now.Before(c.Ends()) {
		ps = Problems{{Code: SessionsPast}}
	}
	return ps
}

// inOrder returns the sessions by their start, in whole seconds of UTC.
func inOrder(sessions []Session) []Session {
	out := make([]Session, len(sessions))
	for i, s := range sessions {
		out[i] = Session{Starts: second(s.Starts), Ends: second(s.Ends)}
	}
	slices.SortStableFunc(out, func(a, b Session) int { return a.Starts.Compare(b.Starts) })
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(answer.Clean(s)), " ") }

func longer(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

// Ids are read out over the phone and typed from posters: no 0, 1, i, l, o. The
// first character is a digit, so that no id is a word.
const (
	idDigits  = "23456789"
	idLetters = "23456789abcdefghjkmnpqrstuvwxyz"
	idLength  = 4
)

// idTries is how many ids are drawn at the most: of the 238,328 there are, as
// many in a row are taken only when nearly all are.
const idTries = 64

// freshID draws an id that no class has.
func freshID(records Records, random io.Reader) (string, error) {
	for range idTries {
		id, err := drawID(random)
		if err != nil {
			return "", fmt.Errorf("draw id: %w", err)
		}
		if _, taken, err := records.Class(id); err != nil || !taken {
			return id, err
		}
	}
	return "", errors.New("draw id: no free one found")
}

func drawID(random io.Reader) (string, error) {
	id := make([]byte, 0, idLength)
	var b [1]byte
	for len(id) < idLength {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", err
		}
		letters := idLetters
		if len(id) == 0 {
			letters = idDigits
		}
		if int(b[0]) < 256/len(letters)*len(letters) { // else some letters would come up more often
			id = append(id, letters[int(b[0])%len(letters)])
		}
	}
	return string(id), nil
}
