package telegramtest

import (
	"strconv"
	"strings"
	"time"
)

// room is a chat with all that was said in it.
type room struct {
	chat     Chat
	posts    []*post // oldest first, without deleted ones
	last     int64   // number of the newest message; they count from 1
	person   *Person // of a private chat
	keyboard *keyboard
	actions  []Action

	started     bool // the person wrote to the bot at least once
	blocked     bool
	deactivated bool
	member      bool // the bot belongs to the group
	kicked      bool
	deleted     bool  // the group
	movedTo     int64 // a group that was upgraded; 0: it was not
	told        string
	bucket      bucket
	minute      []time.Time
}

// post is one message in a chat.
type post struct {
	msg    message
	at     time.Time
	mine   bool // by the person, not by the bot
	file   *file
	markup markup // that came with it
}

// keyboard is what stands below the field to write in.
type keyboard struct {
	rows        [][]ReplyButton
	placeholder string
	once        bool
}

// roomOf finds the chat that a request means.
func (s *Server) roomOf(r *request) (*room, *apiError) {
	raw := strings.TrimSpace(r.get("chat_id"))
	if raw == "" {
		return nil, refused(400, "chat_id is empty")
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return nil, refused(400, "chat not found")
	}
	if id == s.bot.ID {
		return nil, refused(403, "the bot can't send messages to the bot")
	}
	c, ok := s.rooms[id]
	if !ok {
		return nil, refused(400, "chat not found")
	}
	return c, nil
}

// writable finds the chat that a request wants to write to. Once a chat was
// told to be closed, the next attempt is held against the bot.
func (s *Server) writable(r *request) (*room, *apiError) {
	c, e := s.roomOf(r)
	if e != nil {
		return nil, e
	}
	if e = c.closed(); e == nil {
		c.told = ""
		return c, nil
	}
	if c.told == e.text {
		_ = e.rudely(r.method + ": chat " + strconv.FormatInt(c.chat.ID, 10) + " was tried again after the answer: " + e.text)
	}
	c.told = e.text
	return nil, e
}

// closed says why the bot may not write here; nil: it may.
func (c *room) closed() *apiError {
	kind := c.chat.Type + " chat"
	switch {
	case c.movedTo != 0:
		e := refused(400, "group chat was upgraded to a supergroup chat")
		e.migrateTo = c.movedTo
		return e
	case c.deactivated:
		return refused(403, "user is deactivated")
	case c.blocked:
		return refused(403, "bot was blocked by the user")
	case c.person != nil && !c.started:
		return refused(403, "bot can't initiate conversation with a user")
	case c.deleted:
		return refused(403, "the group chat was deleted")
	case c.kicked:
		return refused(403, "bot was kicked from the "+kind)
	case c.person == nil && !c.member:
		return refused(403, "bot is not a member of the "+kind)
	}
	return nil
}

// add puts a message into the chat and gives it its number.
func (c *room) add(p *post) *post {
	c.last++
	p.msg.ID, p.msg.Chat = c.last, c.chat
	p.msg.Date = p.at.Unix()
	c.posts = append(c.posts, p)
	return p
}

// find returns the message with a number; nil: there is none.
func (c *room) find(id int64) *post {
	for _, p := range c.posts {
		if p.msg.ID == id {
			return p
		}
	}
	return nil
}

// remove takes a message away.
func (c *room) remove(id int64) {
	for i, p := range c.posts {
		if p.msg.ID == id {
			c.posts = append(c.posts[:i:i], c.posts[i+1:]...)
			return
		}
	}
}
