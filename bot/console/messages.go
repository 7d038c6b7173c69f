package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sachhon/bot/desk"
)

// Messages are what people asked a person at the centre. Errors are
// [ErrMissing] and those of desk.Question.Reply.
type Messages interface {
	// Messages reads the questions, the oldest first: open, answered, or "" for all.
	Messages(ctx context.Context, status string, p Page) ([]Message, string, error)
	Message(ctx context.Context, id uint64) (Message, error)
	Reply(ctx context.Context, id uint64, text string) (Replied, error)
}

// Message is a question that somebody asked a person.
type Message struct {
	ID       uint64    `json:"id"`
	Status   string    `json:"status" enum:"open,answered"`
	Contact  string    `json:"contact"`
	Text     string    `json:"text"`
	Asked    time.Time `json:"asked"`
	Answer   string    `json:"answer,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
}

// MessageOf shows a question, with times in zone.
func MessageOf(q *desk.Question, zone *time.Location) Message {
	out := Message{ID: q.ID, Status: "open", Contact: q.Contact, Text: q.Text, Asked: q.Asked.In(zone), Answer: q.Answer}
	if !q.Open() {
		out.Status, out.Answered = "answered", q.Answered.In(zone)
	}
	return out
}

// Replied says that a question was answered. It repeats nothing of what was
// said: the answer to a request with a key outlives the deletion of a contact.
type Replied struct {
	ID       uint64    `json:"id"`
	Status   string    `json:"status" enum:"answered"`
	Answered time.Time `json:"answered"`
}

// ReplyRequest is the answer to a question.
type ReplyRequest struct {
	Text string `json:"text" doc:"What the person reads in the conversation in which they asked; at most 2,000 characters."`
}

type messagesGet struct {
	Paging
	Status string `query:"status" enum:"open,answered"`
}

// NumberID is a number in a path: of a question, a self-check, a request.
type NumberID struct {
	ID string `path:"id" pattern:"^[0-9]{1,18}$" patternDescription:"a number" doc:"The number."`
}

func (n *NumberID) number() uint64 {
	id, err := strconv.ParseUint(n.ID, 10, 64)
	if err != nil {
		return 0 // nothing has this number
	}
	return id
}

type replyPost struct {
	NumberID
	Once
	Body ReplyRequest
}

func (a *API) messageRoutes() {
	add(a, route{method: http.MethodGet, path: "/messages", action: "message.list", summary: "List questions to a person, the oldest first", role: desk.Viewer},
		func(ctx context.Context, in *messagesGet) (*listed[Message], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Messages(ctx, in.Status, p)
			return answerList(items, next, "/messages", url.Values{"status": {in.Status}}, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/messages/{id}", action: "message.show", summary: "Show a question", role: desk.Viewer},
		func(ctx context.Context, in *NumberID) (*answered[Message], error) {
			return answer(a.centre.Message(ctx, in.number()))
		})
	add(a, route{method: http.MethodPost, path: "/messages/{id}/reply", action: "message.reply", summary: "Answer a question in the conversation that it came from", role: desk.Officer}, a.reply)
}

func (a *API) reply(ctx context.Context, in *replyPost) (*answered[Replied], error) {
	out, err := a.centre.Reply(ctx, in.number(), in.Body.Text)
	switch {
	case errors.Is(err, desk.ErrEmpty):
		err = Wrong{{Location: "body.text", Words: wordsReplyEmpty}}
	case errors.Is(err, desk.ErrTooLong):
		err = Wrong{{Location: "body.text", Words: wordsReplyLong}}
	case errors.Is(err, desk.ErrAnswered):
		err = Conflict{wordsReplied}
	}
	return answer(out, err)
}
