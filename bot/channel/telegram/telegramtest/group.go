package telegramtest

import (
	"context"
	"strings"
)

// Group is a group or a supergroup.
type Group struct {
	s    *Server
	room *room
}

// NewGroup makes a group without the bot. Ids of groups are negative; those
// that begin with -100 are of supergroups.
func (s *Server) NewGroup(id int64, title string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newGroup(id, title)
}

func (s *Server) newGroup(id int64, title string) *Group {
	kind := "group"
	if strings.HasPrefix(decimal(id), "-100") && id < -1_000_000_000_000 {
		kind = "supergroup"
	}
	g := &Group{s: s, room: &room{chat: Chat{ID: id, Type: kind, Title: title}}}
	s.rooms[id] = g.room
	return g
}

// ID is the id of the group's chat.
func (g *Group) ID() int64 { return g.room.chat.ID }

// AddBot lets a person add the bot to the group.
func (g *Group) AddBot(by *Person) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	old := "left"
	if g.room.kicked {
		old = "kicked"
	}
	g.room.member, g.room.kicked, g.room.told = true, false, ""
	id := g.s.memberChange(g.room, by.user, old, "member")
	g.s.hear(by, g.room, message{NewMembers: []User{g.s.bot}}, nil)
	return id
}

// Kick lets a person throw the bot out.
func (g *Group) Kick(by *Person) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.room.member, g.room.kicked = false, true
	return g.s.memberChange(g.room, by.user, "member", "kicked")
}

// Delete deletes the group. The bot is told only when it writes.
func (g *Group) Delete() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.room.deleted = true
}

// Say lets a person write a text. With the privacy mode on, the bot hears only
// commands, answers to it, and what names it.
func (g *Group) Say(by *Person, text string) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.hear(by, g.room, message{Text: text, Entities: commands(text)}, nil)
}

// Reply lets a person answer a message.
func (g *Group) Reply(by *Person, to int64, text string) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	m := message{Text: text, Entities: commands(text)}
	if found := g.room.find(to); found != nil {
		quote := found.msg
		quote.ReplyTo = nil
		m.ReplyTo = &quote
	}
	return g.s.hear(by, g.room, m, nil)
}

// Press lets a person press a button, see [Person.Press].
func (g *Group) Press(by *Person, labelOrData string) error {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.pressIn(by, g.room, labelOrData)
}

// Seen is what the bot said in the group.
func (g *Group) Seen() []Shown {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.room.seen()
}

// Migrate upgrades the group to a supergroup with a new id. The old one is
// closed and says where to go instead.
func (g *Group) Migrate(newID int64, by *Person) *Group {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	next := g.s.newGroup(newID, g.room.chat.Title)
	next.room.chat.Type = "supergroup"
	next.room.member = g.room.member
	g.s.hear(by, g.room, message{MigrateTo: newID}, nil)
	g.s.hear(by, next.room, message{MigrateFrom: g.room.chat.ID}, nil)
	g.room.movedTo = newID
	return next
}

// hears says whether the bot hears something that was said in a group.
func (s *Server) hears(c *room, p *post) bool {
	m := &p.msg
	switch {
	case !c.member:
		return false
	case s.opts.ReadsAll || m.NewMembers != nil || m.MigrateTo != 0 || m.MigrateFrom != 0:
		return true
	case m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == s.bot.ID:
		return true
	case strings.HasPrefix(m.Text, "/"):
		command, _, _ := strings.Cut(m.Text, " ")
		_, to, named := strings.Cut(command, "@")
		return !named || strings.EqualFold(to, s.bot.Username)
	}
	return strings.Contains(strings.ToLower(m.Text+m.Caption), "@"+strings.ToLower(s.bot.Username))
}

// memberChange tells the bot how it stands in a chat now.
func (s *Server) memberChange(c *room, by User, old, now string) int {
	member := func(status string) chatMember {
		m := chatMember{User: s.bot, Status: status}
		if status == "kicked" {
			m.Until = new(int64)
		}
		return m
	}
	at := s.opts.Now()
	s.touch()
	return s.happen("my_chat_member", "chat "+decimal(c.chat.ID), memberChange{Chat: c.chat, From: by, Date: at.Unix(), Old: member(old), New: member(now)}, at, day)
}

func (s *Server) getChat(_ context.Context, r *request) (any, *apiError) {
	c, e := s.roomOf(r)
	if e != nil {
		return nil, e
	}
	if c.movedTo != 0 || c.kicked {
		return nil, c.closed()
	}
	return c.chat, nil
}

func (s *Server) leaveChat(_ context.Context, r *request) (any, *apiError) {
	c, e := s.roomOf(r)
	if e != nil {
		return nil, e
	}
	if c.person != nil {
		return nil, refused(400, "chat member status can't be changed in private chats")
	}
	if e := c.closed(); e != nil {
		return nil, e
	}
	c.member = false
	s.memberChange(c, s.bot, "member", "left")
	return true, nil
}
