"""Owns the words of English, Russian and Vietnamese that are nearly everywhere in a text."""

ENGLISH = (
    "a an and are as at be but by can could d did do does for from had has have how i if in is it"
    " its ll m may me my not of on or our re s should so t than that the their them then there"
    " these they this to ve was we were what when where which who whom why will with would you your"
)
RUSSIAN = (
    "а бы был была были было быть в вам вас ведь вот все всего всех вы где да даже для до его ее"
    " если есть еще ж же за и из или им их к как какая какие какой когда который кто ли мне может"
    " мой мы на над него нее ней нет ни них но ну о об он она они от перед по под при про раз с"
    " сам себе себя со так также там тем то того тоже только том тот у уж уже чего чем через что"
    " чтобы эта эти это этого этой этом этот эту я"
)
VIETNAMESE = (
    "ai bao bị bởi cho có của các cũng do gì hay hoặc khi không là mà một ngày nhiêu như nhưng"
    " những này nào nếu nữa ra rất sao sẽ tại thì theo thế trong trên từ và vào về vì với đang đã"
    " đó được đến để ở"
)
