package bot

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"sachhon/bot/desk"
	"sachhon/dialogs"
)

// ReplyRequest is the staff's answer to a question.
type ReplyRequest struct{ Text string }

func (b *Bot) controlQuestions(r *http.Request) (any, error) {
	open := []desk.Question{}
	err := boltStore{b.store}.View(r.Context(), func(tx Tx) error {
		return tx.Questions(func(q desk.Question) bool {
			if q.Open() {
				open = append(open, q)
			}
			return true
		})
	})
	return open, err
}

// controlReply answers a question in the conversation that it came from.
func (b *Bot) controlReply(r *http.Request) (any, error) {
	req, err := decode[ReplyRequest](r)
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, badRequest{fmt.Errorf("read number: %w", err)}
	}
	return struct{}{}, b.committer.Do(r.Context(), func(tx Tx, fx *effects) error { return b.reply(tx, fx, id, req.Text) })
}

func (b *Bot) reply(tx Tx, fx *effects, id uint64, words string) error {
	q, ok, err := tx.Question(id)
	if err != nil || !ok {
		return errors.Join(err, badRequest{fmt.Errorf("there is no question %d; see `sachhon inbox`", id)})
	}
	now := b.clock()
	if q, err = q.Reply(words, now); err != nil {
		return badRequest{err}
	}
	if err := tx.PutQuestion(&q); err != nil {
		return err
	}
	t := turn{turns: b.turns, tx: tx, now: now, fx: fx}
	if known, err := t.find(q.Contact); err != nil || !known {
		return err
	}
	if ok, err := t.tells(pushAnswered + "/" + strconv.FormatUint(id, 10)); err != nil || !ok {
		return err
	}
	if err := t.push("answered", []dialogs.Answer{text("answer", q.Answer)}); err != nil {
		return err
	}
	return t.save()
}
