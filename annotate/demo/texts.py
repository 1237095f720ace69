"""Notes left for a town library, written for this demo. Labels that people can honestly confuse:
a wish can be a complaint, a question a hint.
"""

LABELS = {
    "praise": ("Praise", "Something was good, and the writer says so."),
    "complaint": ("Complaint", "Something was wrong, and the writer minds."),
    "wish": ("Wish", "The writer would like something to be different or new."),
    "question": ("Question", "The writer wants to know something."),
}

PRAISE = [
    "The lady at the front desk found my book in under a minute.",
    "What a calm place the reading room has become.",
    "My daughter runs ahead of me to get to story hour.",
    "I have been coming for thirty years and it has never been better.",
    "The new chairs by the window are wonderful.",
    "Somebody had put fresh flowers at the entrance and it made my day.",
    "Your staff helped me print my papers when I had given up.",
    "The local history shelf is a treasure.",
    "I finished three novels from the staff picks and loved all of them.",
    "The late opening on Thursdays saved my exam week.",
    "So quiet, so clean, so warm.",
    "The young man with the trolley knows every book in the house.",
    "The audio books have made my long drive a pleasure.",
    "My reading group would not exist without your back room.",
    "The large print section is a blessing for my mother.",
    "Returning books at the station is a brilliant idea.",
    "I felt welcome from the first minute.",
    "The lamp at desk nine has the best light in town.",
    "Thank you for keeping the newspapers on paper.",
    "The poetry evening was the loveliest hour of my winter.",
    "The garden behind the children's room is a small miracle.",
    "The map of new arrivals is clear and pretty.",
    "Everything was where the catalogue said it would be.",
    "The workshop on old photographs was first rate.",
    "You even mended the spine of my favourite cookbook.",
    "The reservation was ready the very next morning.",
]

COMPLAINT = [
    "The heating has been off in the west wing for a week.",
    "I was charged for a book that I brought back in May.",
    "Somebody was on the telephone for an hour and nobody said a word.",
    "The lift is out of order again.",
    "Half the pages of the atlas are torn out.",
    "The toilets on the second floor were locked all afternoon.",
    "I waited forty minutes at the desk and then it closed.",
    "The catalogue says it is here and it is not.",
    "My card was refused and nobody could tell me why.",
    "The printer ate my last coins and printed nothing.",
    "The children's room smells of wet carpet.",
    "The same three travel guides have been missing since spring.",
    "The music upstairs makes it impossible to read.",
    "The opening hours on the door are wrong.",
    "Two of the four computers have not worked since August.",
    "The bicycle stands are full of broken bicycles.",
    "The reminder came after the fine.",
    "The light over the biographies flickers all day.",
    "The new system forgot every reservation I had made.",
    "The study places are taken by bags with no people.",
    "The window by the magazines does not close.",
    "I was told three different things by three different people.",
    "The audio book stops in the middle of chapter nine.",
    "The chairs in the hall are hard as stone.",
    "The website signs me out on every page.",
    "The film was scratched from beginning to end.",
]

WISH = [
    "It would be good to open before nine on market days.",
    "A second copy of the new crime novels would help.",
    "Please put a table by the sockets.",
    "I should like a shelf for books in easy language.",
    "A reminder by message before the fine would be kind.",
    "You might place a lamp at the far end of the hall.",
    "More benches in the garden, perhaps.",
    "An evening for people who are new in town would be lovely.",
    "Let us renew a book more than twice.",
    "A corner where one may talk aloud is needed.",
    "I would gladly see the catalogue in other languages.",
    "Coffee, even from a machine, would make it perfect.",
    "Longer loans in the summer would suit families.",
    "Please order the second volume too.",
    "A quiet room for telephone calls would solve a lot.",
    "One could lend out reading glasses.",
    "It is time for a shelf of board games.",
    "Lockers that fit a helmet would be practical.",
    "Story hour on Saturdays, for parents who work.",
    "Let the bus stop be called after the library.",
    "Someone should write the shelf numbers larger.",
    "The newspapers could lie closer to the light.",
    "A book box at the hospital would be used every day.",
    "I would like to pay the fee for the year at once.",
    "Please keep the returns hatch open at night.",
    "A short course on the catalogue would be welcome.",
]

QUESTION = [
    "Can I borrow the sewing machine with an ordinary card?",
    "Until when may I keep the reference books?",
    "Where do I find the town maps from before the war?",
    "Does the book group take new people?",
    "Is there a limit on reservations?",
    "Who do I ask about reading for the blind?",
    "How does one get into the local archive?",
    "Are the study rooms open in the holidays?",
    "Which floor has the sheet music now?",
    "May I bring my own lunch into the garden room?",
    "What happens if a book gets wet in the rain?",
    "Can my son use my card while he is visiting?",
    "Do you take old books as gifts?",
    "When will the new children's room be finished?",
    "Is the wireless network open to visitors?",
    "Could you tell me who chooses the new books?",
    "Is there parking for a wheelchair van?",
    "How long does a loan from another town take?",
    "Do the audio books work on an old player?",
    "Has the author for October been decided?",
    "Is it true that the fees will change in January?",
    "Where can I return a book on Sunday?",
    "Does anybody know the name of the piece played on Friday?",
    "Are there tours for school classes?",
    "Why is the second volume on another floor?",
    "Can I read today's paper from home?",
]

CORES = {"praise": PRAISE, "complaint": COMPLAINT, "wish": WISH, "question": QUESTION}

TAILS = {
    "praise": (
        "Otherwise I have nothing but thanks.",
        "And still, I would not go anywhere else.",
        "You do a fine job all the same.",
        "It is a joy to come here.",
    ),
    "complaint": (
        "This cannot go on.",
        "It really spoils the visit.",
        "I was quite put out.",
        "It was not like this last year.",
    ),
    "wish": (
        "A small change would do it.",
        "Perhaps that could be looked at.",
        "It would mean a lot to us.",
        "Maybe next year?",
    ),
    "question": (
        "Or have I missed something?",
        "Is anything planned?",
        "Who decides that?",
        "Would that be possible?",
    ),
}

GUIDELINE = """# What is the note about?

Choose the label that says **why the writer wrote it**. Take the note as a whole.

- **Praise**: something was good. Thanks and pleasure, even with a small *but*.
- **Complaint**: something was wrong. The writer minds, politely or not.
- **Wish**: the writer would like something to be different. No harm was done.
- **Question**: the writer wants an answer. A question that only looks like one is not a question.

When two labels fit, take the one you would bet on first and give the other as **second choice**.
Your **confidence** is how likely you think it is that others would choose the same. There are no
trick notes and no quota: go by your own reading.
"""
