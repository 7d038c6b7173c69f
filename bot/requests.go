package bot

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// weeksOffered is how many weeks ahead an expert's visit can be asked for: as
// many as fit one page of buttons.
const weeksOffered = 8

func (a *actions) requestBegin(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	r, open, err := programme.OpenRequest(t.tx, t.contact.ID)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if open {
		return outcome("open", a.requestValues(&r)), nil
	}
	last, _, err := lastCheck(t)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	out := outcome("some", []dialogs.Answer{text("request_for", last.Sector)})
	for _, monday := range programme.Weeks(t.now, weeksOffered) {
		out.Options = append(out.Options, dialogs.Option{Key: monday.Format("2006-01-02"), Label: week(monday)})
	}
	return out, nil
}

// week words a week by its working days: "7/12–11/12", "7–11 Dec".
func week(monday time.Time) dialogs.Text {
	friday := monday.AddDate(0, 0, 4)
	en := monday.Format("2 Jan") + " – " + friday.Format("2 Jan")
	if monday.Month() == friday.Month() {
		en = monday.Format("2") + "–" + friday.Format("2 Jan")
	}
	return dialogs.Text{VI: monday.Format("2/1") + "–" + friday.Format("2/1"), EN: en}
}

func (a *actions) requestSend(t *turn, args map[string]string) (dialogs.Outcome, error) {
	last, checked, err := lastCheck(t)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	ask := programme.Request{Contact: t.contact.ID, Name: args["name"], Phone: args["phone"], Enterprise: args["enterprise"],
		TaxCode: args["taxcode"], Sector: args["sector"], Need: args["need"]}
	if checked {
		ask.Assessment = last.ID
	}
	for week := range strings.SplitSeq(args["weeks"], ",") {
		if _, err := time.Parse("2006-01-02", week); err == nil {
			ask.Weeks = append(ask.Weeks, week)
		}
	}
	slices.Sort(ask.Weeks)
	r, fresh, err := programme.Ask(t.tx, ask, t.now)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if !fresh {
		return outcome("open", a.requestValues(&r)), nil
	}
	return outcome("ok", a.requestValues(&r)), nil
}

// requestValues are what flows may say about a request.
func (a *actions) requestValues(r *programme.Request) []dialogs.Answer {
	return []dialogs.Answer{text("request", strconv.FormatUint(r.ID, 10)), both("request_date", a.day(r.Created)),
		both("request_state", a.lib().Text("request."+string(r.State))), both("request_weeks", a.weekWords(r.Weeks))}
}

func (a *actions) weekWords(weeks []string) dialogs.Text {
	if len(weeks) == 0 {
		return a.lib().Text("request.anytime")
	}
	return twice(func(lang dialogs.Lang) string {
		var words []string
		for _, w := range weeks {
			if monday, err := time.Parse("2006-01-02", w); err == nil {
				words = append(words, week(monday).In(lang))
			}
		}
		return strings.Join(words, ", ")
	})
}

// RequestChange brings a request to another state.
type RequestChange struct{ State, Reason string }

// controlRequests lists requests for an expert's visit: those that are open, or
// all of them.
func (b *Bot) controlRequests(r *http.Request) (any, error) {
	list := []programme.Request{}
	err := boltStore{b.store}.View(r.Context(), func(tx Tx) error {
		return tx.Requests(func(q programme.Request) bool {
			if q.Open() || r.FormValue("all") != "" {
				list = append(list, q)
			}
			return true
		})
	})
	return list, err
}

func (b *Bot) controlSetRequest(r *http.Request) (any, error) {
	change, err := decode[RequestChange](r)
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, badRequest{fmt.Errorf("read number: %w", err)}
	}
	var q programme.Request
	err = b.committer.Do(r.Context(), func(tx Tx, _ *effects) (err error) {
		var ok bool
		if q, ok, err = tx.Request(id); err != nil || !ok {
			return errors.Join(err, badRequest{fmt.Errorf("there is no request %d; see `sachhon request list --all`", id)})
		}
		if err := q.Set(programme.RequestState(change.State), change.Reason, b.clock()); err != nil {
			return err
		}
		return tx.PutRequest(&q)
	})
	return q, err
}
