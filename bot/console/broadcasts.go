package console

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sachhon/bot/desk"
)

// Broadcasts are messages to many, as the running program has them. Errors are
// [ErrMissing], [Wrong] and [Conflict].
type Broadcasts interface {
	// CreateBroadcast keeps a broadcast; raw is the request's body.
	CreateBroadcast(ctx context.Context, raw []byte) (Broadcast, error)
	Broadcast(ctx context.Context, id string) (Broadcast, error)
	// Broadcasts reads the broadcasts, the latest first.
	Broadcasts(ctx context.Context, p Page) ([]Broadcast, string, error)
	PauseBroadcast(ctx context.Context, id string) (Broadcast, error)
	ResumeBroadcast(ctx context.Context, id string) (Broadcast, error)
	CancelBroadcast(ctx context.Context, id string) (Broadcast, error)
	// Recipient says how a contact, by id or address, stands with a broadcast.
	Recipient(ctx context.Context, id, contact string) (Recipient, error)
}

// Broadcast is a message to many as programs see it.
type Broadcast struct {
	ID              string          `json:"id"`
	Title           string          `json:"title"`
	Kind            string          `json:"kind" enum:"promotion,service"`
	Status          string          `json:"status" enum:"draft,scheduled,sending,paused,done,cancelled"`
	PausedFor       string          `json:"paused_for,omitempty"`
	Text            Words           `json:"text"`
	TextVersion     int             `json:"text_version"`
	Segment         Segment         `json:"segment"`
	Purpose         string          `json:"purpose,omitempty"`
	Topic           string          `json:"topic,omitempty"`
	Media           string          `json:"media,omitempty" doc:"The file's name."`
	Answers         []BroadcastKey  `json:"answers,omitempty"`
	By              string          `json:"by,omitempty" doc:"Who made it: the name of a token, or shell."`
	Created         time.Time       `json:"created_at"`
	SendAt          time.Time       `json:"send_at"`
	Expires         time.Time       `json:"expires_at,omitzero"`
	Begun           time.Time       `json:"begun_at,omitzero"`
	Ended           time.Time       `json:"ended_at,omitzero"`
	HeldUntil       time.Time       `json:"held_until,omitzero" doc:"When the clock lets it go on."`
	HeldFor         string          `json:"held_for,omitempty" doc:"Why it does not go on now."`
	AsideUntil      time.Time       `json:"aside_until,omitzero" doc:"When the next of those pending is tried, all of whom had so many messages lately that they wait."`
	Planned         bool            `json:"planned" doc:"All recipients are known; before, the counts grow."`
	PerSecond       float64         `json:"per_second" doc:"How many recipients it settled a second lately; 0 when that is not known, or it does not go on now."`
	SecondsLeft     int             `json:"seconds_left" doc:"How long it will take at that pace; 0 when that is not known."`
	Network         *NetworkWait    `json:"network,omitempty" doc:"The network that takes nothing now, so that it does not go on."`
	Counts          BroadcastCounts `json:"counts"`
	SkippedByReason map[string]int  `json:"skipped_by_reason"`
	FailedByReason  map[string]int  `json:"failed_by_reason,omitempty"`
}

// NetworkWait is a network that takes nothing now.
type NetworkWait struct {
	Name  string    `json:"name"`
	Until time.Time `json:"until" doc:"When it is asked again."`
	Down  bool      `json:"down" doc:"It cannot be reached, or refuses the bot; else it asked for patience."`
}

// BroadcastCounts add up: total = sent + failed + skipped + pending.
type BroadcastCounts struct {
	Total    int `json:"total"`
	Sent     int `json:"sent"`
	Failed   int `json:"failed"`
	Skipped  int `json:"skipped"`
	Pending  int `json:"pending"`
	Repeated int `json:"possibly_repeated" doc:"How many of sent may have come more than once."`
}

// BroadcastKey is an answer that people can press.
type BroadcastKey struct {
	Key     string `json:"key,omitempty"`
	Label   Words  `json:"label"`
	Pressed int    `json:"pressed,omitempty" readOnly:"true" doc:"How many chose it."`
}

// Segment is whom a broadcast is meant for, as it is written down: an object of
// conditions, {} for everybody, or the name of a saved segment.
type Segment struct{ json.RawMessage }

// Schema describes both forms; which conditions there are is checked later.
func (Segment) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Description: `Conditions that must all fit, such as {"sector":["wood"],"subscribed":true}; {} is everybody; a string is the name of a saved segment.`,
		OneOf: []*huma.Schema{{Type: huma.TypeObject, AdditionalProperties: true}, {Type: huma.TypeString}}}
	s.PrecomputeMessages()
	return s
}

// BroadcastRequest is a broadcast to be made.
type BroadcastRequest struct {
	Title   string          `json:"title"`
	Kind    string          `json:"kind" enum:"promotion,service" doc:"promotion needs consent, keeps quiet hours and caps, and is marked [QC]."`
	Text    Words           `json:"text"`
	Segment Segment         `json:"segment"`
	SendAt  string          `json:"send_at,omitempty" format:"date-time" doc:"None: at once. In the past: at once too, but more than 90 days ago is refused."`
	Expires string          `json:"expires_at,omitempty" format:"date-time" doc:"From when on it is no longer true."`
	Purpose string          `json:"purpose,omitempty" enum:"class,selfcheck,tips,sharing" doc:"What must have been agreed to; none: tips for promotion."`
	Topic   string          `json:"topic,omitempty" enum:"tip"`
	Answers []BroadcastKey  `json:"answers,omitempty" maxItems:"6"`
	Media   *BroadcastMedia `json:"media,omitempty"`
	Draft   bool            `json:"draft,omitempty" doc:"Keep it until it is resumed."`
}

// BroadcastMedia is a picture or a document that goes with a broadcast.
type BroadcastMedia struct {
	Name  string `json:"name" example:"poster.png"`
	Bytes string `json:"bytes" contentEncoding:"base64"`
	Alt   *Words `json:"alt,omitempty" doc:"What it shows."`
}

// Recipient says whether one person has a broadcast, and why not if not.
type Recipient struct {
	Broadcast   string    `json:"broadcast"`
	Title       string    `json:"title"`
	Contact     string    `json:"contact"`
	Status      string    `json:"status" enum:"waiting,set_aside,queued,sent,failed,skipped,none"`
	Reason      string    `json:"reason,omitempty"`
	At          time.Time `json:"at,omitzero" doc:"Since when it is so."`
	Until       time.Time `json:"until,omitzero" doc:"When it is tried again."`
	Repeated    bool      `json:"possibly_repeated"`
	Channel     string    `json:"channel,omitempty"`
	TextVersion int       `json:"text_version,omitempty"`
	Answer      string    `json:"answer,omitempty" doc:"The key of the answer they pressed."`
	Words       Words     `json:"words" doc:"All of it in a sentence."`
}

// BroadcastID is a broadcast named in a path.
type BroadcastID struct {
	ID string `path:"id" maxLength:"40" doc:"The broadcast's id."`
}

type broadcastPost struct {
	Once
	Body BroadcastRequest
}

// broadcastDeed is a request to pause, resume or cancel.
type broadcastDeed struct {
	BroadcastID
	Once
}

type recipientGet struct {
	BroadcastID
	Contact string `path:"contact" maxLength:"120" doc:"The contact's id, or an address such as telegram:42."`
}

// largestBroadcast is the largest request with a picture in it, in bytes.
const largestBroadcast = 8 << 20

func (a *API) broadcastRoutes() {
	add(a, route{method: http.MethodPost, path: "/broadcasts", action: "broadcast.create", summary: "Make a broadcast", role: desk.Officer, status: http.StatusCreated, largest: largestBroadcast}, a.createBroadcast)
	add(a, route{method: http.MethodGet, path: "/broadcasts", action: "broadcast.list", summary: "List broadcasts, the latest first", role: desk.Viewer},
		func(ctx context.Context, in *Paging) (*listed[Broadcast], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.casts.Broadcasts(ctx, p)
			return answerList(items, next, "/broadcasts", nil, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/broadcasts/{id}", action: "broadcast.show", summary: "Show how a broadcast stands", role: desk.Viewer},
		func(ctx context.Context, in *BroadcastID) (*answered[Broadcast], error) {
			return answer(a.casts.Broadcast(ctx, in.ID))
		})
	for _, one := range []struct {
		what, summary string
		do            func(context.Context, string) (Broadcast, error)
	}{
		{"pause", "Stop sending for now", a.casts.PauseBroadcast},
		{"resume", "Go on sending, or let a draft begin", a.casts.ResumeBroadcast},
		{"cancel", "Stop sending for good", a.casts.CancelBroadcast},
	} {
		add(a, route{method: http.MethodPost, path: "/broadcasts/{id}/" + one.what, action: "broadcast." + one.what, summary: one.summary, role: desk.Officer},
			func(ctx context.Context, in *broadcastDeed) (*answered[Broadcast], error) {
				return answer(one.do(ctx, in.ID))
			})
	}
	add(a, route{method: http.MethodGet, path: "/broadcasts/{id}/recipients/{contact}", action: "broadcast.recipient", summary: "Say whether somebody has a broadcast, and why not if not", role: desk.Viewer},
		func(ctx context.Context, in *recipientGet) (*answered[Recipient], error) {
			return answer(a.casts.Recipient(ctx, in.ID, in.Contact))
		})
}

// createBroadcast hands the body on, with plain strings put in as Vietnamese
// words.
func (a *API) createBroadcast(ctx context.Context, in *broadcastPost) (*answered[Broadcast], error) {
	var wrong Wrong
	if strings.TrimSpace(in.Body.Title) == "" {
		wrong = append(wrong, Fault{"body.title", wordsCastTitle})
	}
	if strings.TrimSpace(in.Body.Text.VI) == "" {
		wrong = append(wrong, Fault{"body.text.vi", wordsCastText})
	}
	if wrong != nil {
		return nil, wrong
	}
	raw, err := json.Marshal(&in.Body)
	if err != nil {
		return nil, err
	}
	return answer(a.casts.CreateBroadcast(ctx, raw))
}
