"""The lines of `test_objects`: every address that names something, and who is refused there."""

LINES = """
# an asset: nobody reads or works on a draft, a text under review or a retired one but its own
library.show            slug=draft stranger:404 mate:404 other:404               | marketer
library.show            slug=review stranger:404 other:404                       | marketer
library.show            slug=retired stranger:404 other:404                      | marketer
library.show            slug=draft language='en stranger:404 other:404           | manager
publishing.show         slug=draft stranger:403 other:403 reviewer:403           | author colleague marketer
publishing.show         slug=retired stranger:403 other:403                      | author manager
publishing.move         slug=draft action='submit stranger:403 other:403         | author
publishing.move         slug=draft action='retire stranger:403 other:403         | marketer
publishing.schedule     slug=draft stranger:403 other:403 author:403             | marketer
publishing.comment      slug=draft stranger:403 other:403                        | colleague
publishing.settle       slug=draft comment_id='1 stranger:403 other:403          | -
writing.edit            slug=draft language='en stranger:403 other:403           | author
writing.save            slug=draft language='en stranger:403 other:403           | author
writing.preview         slug=draft language='en stranger:403 other:403           | author
writing.keep_draft      slug=draft language='en +title=x +body=x +base=1 stranger:403 other:403           | author
writing.drop_draft      slug=draft language='en stranger:403 other:403           | author
facts.edit              slug=draft stranger:403 other:403                        | author
facts.change            slug=draft stranger:403 other:403                        | author
freshness.care          slug=draft stranger:403 other:403                        | marketer
freshness.confirm       slug=published stranger:403 other:403                    | author
attachments.upload      slug=draft stranger:403 other:403                        | author
attachments.link        slug=draft stranger:403 other:403                        | author
attachments.remove      slug=draft public_id=file stranger:403 other:403         | author
attachments.read_again  slug=draft public_id=file stranger:403 other:403         | author
attachments.download    public_id=file stranger:404 mate:404 other:404           | author marketer
attachments.show        public_id=file stranger:404 other:404                    | -
attachments.preview     public_id=file stranger:404 other:404                    | -
timeline.show           slug=draft stranger:403 other:403                        | author
revisions.history       slug=draft language='en stranger:403 other:403           | author
revisions.show          slug=draft language='en number='1 stranger:403 other:403 | author
revisions.compare       slug=draft language='en stranger:403 other:403           | author
revisions.restore       slug=draft language='en number='1 stranger:403 other:403 | author
conflicts.settle        slug=draft language='en stranger:403 other:403           | author
translation.edit        slug=draft language='vi stranger:403 other:403           | author
translation.save        slug=draft language='vi stranger:403 other:403           | author
translation.keep_draft  slug=draft language='vi stranger:403 other:403           | author
translation.drop_draft  slug=draft language='vi stranger:403 other:403           | author
translation.still_right slug=draft language='vi stranger:403 other:403           | -
translation.original    slug=draft stranger:403 other:403 author:403             | marketer
quality.check           slug=draft stranger:403 other:403                        | author
collections.choose      slug=draft stranger:404 other:404                        | -
collections.choose      slug=published                                           | stranger
pinning.pin_own         slug=draft stranger:404 other:404                        | -
pinning.pin_own         slug=published                                           | stranger
pinning.asset           slug=draft stranger:403 author:403                       | -
pinning.asset           slug=published stranger:403 author:403                   | marketer
pinning.pin_asset       slug=published stranger:403 author:403                   | marketer
flags.flag              slug=draft language='en stranger:404 other:404           | -
flags.flag              slug=published language='en                              | stranger
flags.flag_submit       slug=draft language='en stranger:404 other:404           | -
ratings.asset           slug=draft language='en stranger:404 other:404           | -
ratings.asset           slug=published language='en                              | stranger
ratings.rate            slug=draft language='en stranger:404 other:404           | -
insights_lift_asset.show slug=draft stranger:404 other:404                       | -
use.asset               slug=draft stranger:404 other:404                        | marketer
# what is answered, told or done by one person
flags.answer            flag_id=flag stranger:403 other:403 lan:403              | author marketer
notices.open_notice     notice_id=notice stranger:404 colleague:404 manager:404  | author
accounts.end_session    number=session stranger:404 manager:404 admin:404         | lan
bulk.show               bulk_id=bulk stranger:403 colleague:403 marketer:403     | author manager
bulk.go_on              bulk_id=bulk stranger:403 colleague:403 marketer:403     | author
bulk.undo               bulk_id=bulk stranger:403 colleague:403 marketer:403     | author
pack.settle             kind='week first='PACK action_id=action stranger:404 other:404 mate:404 | lan marketer
# another team's deals, their customers, calls and what was said of them
deals.show              deal_id=deal stranger:404 other:404 marketer:404         | lan mate manager
deals.settle            deal_id=deal stranger:404 other:404 mate:403             | lan manager
changing.edit           deal_id=deal stranger:404 other:404 mate:403             | lan manager
changing.change         deal_id=deal stranger:404 other:404 mate:403             | lan manager
customers.show          customer_id=customer stranger:404 other:404 marketer:404 | lan mate manager
customers.describe      customer_id=customer stranger:404 marketer:404 mate:403  | lan manager
calls.show              call_id=call stranger:404 other:404 marketer:404         | lan mate manager
calls.change            call_id=planned stranger:404 other:404 mate:403          | lan manager
calls.change_submit     call_id=planned stranger:404 other:404 mate:403          | lan manager
calls.call_off          call_id=planned stranger:404 other:404 mate:403          | lan
calllog.log             call_id=call stranger:404 other:404 mate:403             | lan manager
calllog.log_submit      call_id=call stranger:404 other:404 mate:403             | lan manager
feedback.show           deal_id=ended stranger:404 other:404 mate:404            | lan manager
feedback.answer         deal_id=ended stranger:404 mate:404 manager:403          | lan
feedback.skip           deal_id=ended stranger:404 mate:404 manager:403          | lan
voice.answer            point_id=point stranger:403 lan:403 author:403           | other marketer
voice.aside             point_id=point stranger:403 lan:403 author:403           | other
voice.asked             point_id=point stranger:403 lan:403 author:403           | other
voice.reopen            point_id=point stranger:403 lan:403 author:403           | other
voice.route             point_id=point stranger:403 lan:403 author:403           | other
voice.show              point_id=point                                           | stranger lan
# requests are everybody's to see, but not the deals that wait
requests.show           number=request                                           | lan author
requests.move           number=request name='decline stranger:403 lan:403 other:403    | author
requests.move           number=request name='withdraw stranger:403 mate:403 author:403 | lan
requests.assign         number=request +person=1 stranger:403 lan:403 other:403            | author
asking.change           number=request stranger:403 mate:403 other:403           | lan author
asking.change_submit    number=request stranger:403 mate:403 other:403           | lan author
asking.merge            number=request +into=done stranger:403 lan:403 other:403            | author
asking.leave            number=request stranger:403 lan:403 other:403            | -
asking.support          number=request                                           | stranger
delivering.choose       number=request stranger:403 lan:403 other:403            | author
delivering.deliver      number=request stranger:403 lan:403 other:403            | author
delivering.begin        number=request +title=New +kind=battlecard +language=en stranger:403 lan:403 other:403            | author
talk.comment            number=request                                           | stranger
talk.thank              number=done stranger:403 other:403                       | lan mate
# collections of one person, and of a team
collections.show        collection_id=private stranger:404 mate:404 manager:404  | lan
collections.show        collection_id=teams stranger:404 other:404 marketer:404  | lan mate manager
collections.edit        collection_id=private stranger:404 mate:404 manager:404  | lan
collections.edit        collection_id=teams stranger:404 marketer:404 mate:403   | lan manager
collections.save        collection_id=private stranger:404 mate:404 manager:404  | lan
collections.add         collection_id=private stranger:404 mate:404 manager:404  | lan
collections.order       collection_id=private stranger:404 mate:404 manager:404  | lan
collections.annotate    collection_id=private entry_id=entry stranger:404 mate:404 manager:404 | lan
collections.step        collection_id=private entry_id=entry stranger:404 mate:404 manager:404 | lan
collections.take_out    collection_id=private entry_id=entry stranger:404 mate:404 manager:404 | lan
collections.delete      collection_id=private stranger:404 mate:404 manager:404  | lan
pinning.pin_collection  collection_id=private stranger:403 marketer:404          | -
# imports hold the values of all deals: managers only
deal_import.show        token=imported stranger:403 lan:403 marketer:403         | manager
deal_import.settle      token=imported stranger:403 lan:403 marketer:403         | manager
# kept for all by a role: below it nobody gets in, whatever the address names
agreement.settle        doing='sign stranger:403 marketer:403                    | -
background.drop         job_id='1 stranger:403 author:403 marketer:403           | -
background.retry        job_id='1 stranger:403 author:403 marketer:403           | -
claims.dismiss          claim_id='1 stranger:403                                 | -
claims.dismiss_group    problem='x mark='x stranger:403                          | -
claims.restore          ruling_id='1 stranger:403                                | -
quality.dismiss         finding_id='1 stranger:403                               | -
quality.reopen          finding_id='1 stranger:403                               | -
pack.add                kind='week first='PACK stranger:403 author:403           | marketer
pack.write              kind='week first='PACK stranger:403 author:403           | marketer
pack.send               kind='week first='PACK stranger:403 marketer:403         | manager
pack.show               kind='week first='PACK                                   | stranger
pipelines.edit          pipeline_id='1 stranger:403 marketer:403                 | -
pipelines.change        pipeline_id='1 stranger:403 marketer:403                 | -
promotions.show         promotion_id='1 stranger:403 author:403                  | -
promotions.save         promotion_id='1 stranger:403 author:403                  | -
promotions.end          promotion_id='1 stranger:403 author:403                  | -
reviewers.release       reviewer_id='1 stranger:403 marketer:403                 | -
scorecard.agree         goal_id='1 stranger:403 marketer:403                     | -
scorecard.settle        promise_id='1 stranger:403 marketer:403                  | -
synonyms.show           key='x stranger:403 author:403                           | -
synonyms.save           key='x stranger:403 author:403                           | -
synonyms.remove         key='x stranger:403 author:403                           | -
terms.show              facet='product slug='x stranger:403                      | -
terms.add               facet='product stranger:403 author:403                   | marketer
terms.save              facet='product slug='x stranger:403 author:403           | -
terms.merge             facet='product slug='x stranger:403 author:403           | -
terms.retire            facet='product slug='x stranger:403 author:403           | -
terms.undo              event_id='1 stranger:403 author:403                      | -
use.listing             name='assets stranger:403 author:403                     | -
use.table               by='days stranger:403 author:403                         | -
use.table               by='person stranger:403 author:403 marketer:403          | manager admin
# people: managers look, admins change
people.show             number=person stranger:403 marketer:403                  | manager admin
people.change           number=person stranger:403 manager:403                   | admin
people.send_link        number=person stranger:403 manager:403                   | admin
people.end_sessions     number=person stranger:403 manager:403                   | admin
people.activate         number=person stranger:403 manager:403                   | -
people.deactivate       number=person stranger:403 manager:403                   | admin
passkeys.rename         number='1 +name=x stranger:404 admin:404                         | -
passkeys.remove         number='1 stranger:404 admin:404                         | -
# a choice of one's own: the address names no thing of anybody
mail.mute_kind          kind='requests                                           | stranger
competitors.show        slug='none                                               | -
"""
