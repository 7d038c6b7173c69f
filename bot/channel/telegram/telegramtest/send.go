package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// chatActions are what a bot can be seen to be doing.
var chatActions = []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}

func (s *Server) sendMessage(_ context.Context, r *request) (any, *apiError) {
	p, e := s.formatted(r, "text")
	if e != nil {
		return nil, e
	}
	if p.text == "" {
		return nil, refused(400, "message text is empty")
	}
	if n := utf8.RuneCountInString(p.text); n > maxText {
		return nil, refused(400, "message is too long").rudely(fmt.Sprintf("%s: a text of %d characters, more than %d", r.method, n, maxText))
	}
	return s.send(r, &post{msg: message{Text: p.text, Entities: p.entities}})
}

// captionOf reads a caption.
func (s *Server) captionOf(r *request) (parsed, *apiError) {
	p, e := s.formatted(r, "caption")
	if n := utf8.RuneCountInString(p.text); e == nil && n > maxCaption {
		e = refused(400, "message caption is too long").rudely(fmt.Sprintf("%s: a caption of %d characters, more than %d", r.method, n, maxCaption))
	}
	return p, e
}

func (s *Server) sendPhoto(ctx context.Context, r *request) (any, *apiError) {
	return s.sendMedia(ctx, r, photoKind)
}

func (s *Server) sendDocument(ctx context.Context, r *request) (any, *apiError) {
	return s.sendMedia(ctx, r, documentKind)
}

func (s *Server) sendMedia(ctx context.Context, r *request, kind fileKind) (any, *apiError) {
	p, e := s.captionOf(r)
	if e != nil {
		return nil, e
	}
	f, e := s.fileOf(ctx, r, kind, string(kind), r.get(string(kind)))
	if e != nil {
		return nil, e
	}
	out := &post{msg: message{Caption: p.text, CaptionEntities: p.entities}}
	out.carry(f)
	return s.send(r, out)
}

// send puts a message of the bot into its chat: everything about it was
// checked but the chat and the buttons.
func (s *Server) send(r *request, p *post) (any, *apiError) {
	m, e := s.markupOf(r)
	if e != nil {
		return nil, e
	}
	c, e := s.writable(r)
	if e != nil {
		return nil, e
	}
	if r.long("message_thread_id") != 0 {
		return nil, refused(400, "message thread not found")
	}
	if e := s.answersTo(c, r, p); e != nil {
		return nil, e
	}
	if e := s.spend(c, 1, r.flag("allow_paid_broadcast")); e != nil {
		return nil, e
	}
	s.answeredFirst(c, r.method)
	p.markup = m
	p.msg.Markup = m.inline
	s.put(c, p)
	switch {
	case m.reply != nil:
		c.keyboard = m.reply
	case m.remove:
		c.keyboard = nil
	}
	s.touch()
	return new(p.msg), nil
}

// put adds a message of the bot.
func (s *Server) put(c *room, p *post) {
	p.at = s.opts.Now()
	p.msg.From = &s.bot
	c.actions = endActions(c.actions, p.at)
	c.add(p)
}

// answersTo finds the message that is answered.
func (s *Server) answersTo(c *room, r *request, p *post) *apiError {
	var to struct {
		ID      int64 `json:"message_id"`
		Without bool  `json:"allow_sending_without_reply"`
	}
	if raw := r.get("reply_parameters"); raw != "" && json.Unmarshal([]byte(raw), &to) != nil {
		return refused(400, "can't parse reply parameters JSON object")
	}
	if to.ID == 0 {
		to.ID, to.Without = r.long("reply_to_message_id"), r.flag("allow_sending_without_reply")
	}
	if to.ID == 0 {
		return nil
	}
	found := c.find(to.ID)
	if found == nil {
		if to.Without {
			return nil
		}
		return refused(400, "message to be replied not found")
	}
	quote := found.msg
	quote.ReplyTo = nil
	p.msg.ReplyTo = &quote
	return nil
}

// album is one item of sendMediaGroup.
type album struct {
	Kind    fileKind `json:"type"`
	Media   string   `json:"media"`
	Caption string   `json:"caption"`
	Mode    string   `json:"parse_mode"`
}

func (s *Server) sendMediaGroup(ctx context.Context, r *request) (any, *apiError) {
	var items []album
	if r.get("media") == "" {
		return nil, refused(400, `parameter "media" is required`)
	}
	if json.Unmarshal([]byte(r.get("media")), &items) != nil {
		return nil, refused(400, "can't parse media JSON object")
	}
	switch n := len(items); {
	case n == 0:
		return nil, refused(400, "there are no messages to send")
	case n > 10:
		return nil, refused(400, "too many messages to send as an album").rudely(fmt.Sprintf("%s: %d items, more than 10", r.method, n))
	case n == 1:
		s.violate("%s: an album of one", r.method)
	}
	posts, e := s.albumOf(ctx, r, items)
	if e != nil {
		return nil, e
	}
	c, e := s.writable(r)
	if e != nil {
		return nil, e
	}
	if e := s.spend(c, len(posts), r.flag("allow_paid_broadcast")); e != nil {
		return nil, e
	}
	s.answeredFirst(c, r.method)
	group := fmt.Sprint(13_000_000_000 + s.number())
	out := []*message{}
	for _, p := range posts {
		p.msg.MediaGroup = group
		s.put(c, p)
		out = append(out, new(p.msg))
	}
	s.touch()
	return out, nil
}

func (s *Server) albumOf(ctx context.Context, r *request, items []album) ([]*post, *apiError) {
	var posts []*post
	for _, item := range items {
		if item.Kind != photoKind && item.Kind != documentKind {
			return nil, refused(501, "albums of "+string(item.Kind)+" are not simulated here")
		}
		if item.Kind != items[0].Kind {
			return nil, refused(400, "document can't be mixed with other media types")
		}
		one := &request{method: r.method, files: r.files, params: map[string]string{"caption": item.Caption, "parse_mode": item.Mode}}
		caption, e := s.captionOf(one)
		if e != nil {
			return nil, e
		}
		f, e := s.fileOf(ctx, r, item.Kind, "", item.Media)
		if e != nil {
			return nil, e
		}
		p := &post{msg: message{Caption: caption.text, CaptionEntities: caption.entities}}
		p.carry(f)
		posts = append(posts, p)
	}
	return posts, nil
}

// Action is something that the bot was seen to be doing.
type Action struct {
	Action string // "typing", "upload_document", …
	At     time.Time
	ended  time.Time
}

// endActions ends what is seen when a message comes.
func endActions(all []Action, now time.Time) []Action {
	for i := range all {
		if all[i].ended.After(now) {
			all[i].ended = now
		}
	}
	return all
}

func (s *Server) sendChatAction(_ context.Context, r *request) (any, *apiError) {
	action := r.get("action")
	if !slices.Contains(chatActions, action) {
		return nil, refused(400, "wrong parameter action in request").rudely(fmt.Sprintf("%s: unknown action %q", r.method, action))
	}
	c, e := s.writable(r)
	if e != nil {
		return nil, e
	}
	now := s.opts.Now()
	c.actions = append(c.actions, Action{Action: action, At: now, ended: now.Add(5 * time.Second)})
	s.touch()
	return true, nil
}
