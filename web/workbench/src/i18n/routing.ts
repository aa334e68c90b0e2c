/** The words of the rules that choose an engine. */
export const zh = {
  'ai.tabs': 'AI 设置',
  'ai.tab.engines': '引擎',
  'ai.tab.routing': '路由规则',
  'route.title': '路由规则',
  'route.about': '什么问题由哪个引擎回答：第一条匹配的规则生效，都不匹配时由站点自己的引擎回答。',
  'route.editor': '规则（YAML）',
  'route.count': '{n} 条规则',
  'route.none': '还没有规则：所有问题由站点自己的引擎回答。',
  'route.installed': '平台另有 {n} 条规则，这里都不匹配时才使用。',
  'route.example': '插入示例',
  'route.guide':
    '写法：pattern 是正则表达式，ai_engine 是引擎名，chain 是失败后依次再问的引擎，handoff: true 直接转人工。',
  'route.at': '第 {line} 行，第 {column} 列：{message}',
  'route.good': '没有问题',
  'route.wrong': '有误，不能保存；现有规则继续生效',
  'route.warnings': '可以保存，但请注意',
  'route.save': '保存并生效',
  'route.saved': '新规则已生效',
  'route.drop': '放弃修改',
  'route.dirty': '有修改还没有保存。',
  'route.stay': '继续编辑',
  'route.conflict': '别人刚刚改过规则，已载入最新内容；您的修改仍在编辑框里。',
  'route.try.title': '试一试',
  'route.try.about': '看一个问题会命中哪条规则、由谁回答。用的是编辑框里的规则，不会真的提问。',
  'route.try.question': '访客的问题',
  'route.try.ph': '例如：我想退货',
  'route.try.site': '站点',
  'route.try.site.any': '第一个站点',
  'route.try.identified': '访客身份已确认',
  'route.try.identified.about': '站点已为访客签名',
  'route.try.go': '查看',
  'route.try.rule': '规则 {n}',
  'route.try.default': '默认（default）',
  'route.try.file': '平台的规则 {n}',
  'route.try.file.default': '平台的默认规则',
  'route.try.site.rule': '没有匹配的规则：站点自己的引擎',
  'route.try.person': '人工',
  'route.try.chain': '依次由谁回答',
  'route.try.why': '原因',
  'route.history': '历史',
  'route.version': '第 {n} 版',
  'route.now': '当前',
  'route.restores': '恢复自第 {n} 版',
  'route.by': '{name}，{at}',
  'route.nobody': '已离开的成员',
  'route.look': '查看',
  'route.past': '第 {n} 版规则',
  'route.past.about': '{name}，{at}',
  'route.back': '恢复这一版',
  'route.empty': '（空）',
  'route.sample': `rules:
  - name: 退货
    pattern: "退货|换货|退款"
    ai_engine: knowledge
  - name: 投诉直接转人工
    pattern: "投诉|举报"
    handoff: true
`,
} as const;

export const en: Record<keyof typeof zh, string> = {
  'ai.tabs': 'AI settings',
  'ai.tab.engines': 'Engines',
  'ai.tab.routing': 'Routing',
  'route.title': 'Routing',
  'route.about':
    'Which engine answers which question: the first rule that matches wins; what no rule matches is answered by the site’s own engine.',
  'route.editor': 'Rules (YAML)',
  'route.count': '{n} rules',
  'route.none': 'No rules yet: every question is answered by the site’s own engine.',
  'route.installed':
    'The installation has {n} rules of its own, which are asked where none of these matches.',
  'route.example': 'Insert an example',
  'route.guide':
    'pattern is a regular expression, ai_engine an engine’s name, chain the engines asked when the one before failed; handoff: true gives the question to a person.',
  'route.at': 'Line {line}, column {column}: {message}',
  'route.good': 'Nothing is wrong',
  'route.wrong': 'It cannot be saved like this; the rules that are in place stay',
  'route.warnings': 'It can be saved; mind this',
  'route.save': 'Save and put in place',
  'route.saved': 'The new rules are in place',
  'route.drop': 'Discard changes',
  'route.dirty': 'There are changes that are not saved.',
  'route.stay': 'Keep editing',
  'route.conflict':
    'Somebody else has just changed the rules. The newest version is known now; your changes are still in the editor.',
  'route.try.title': 'Try it',
  'route.try.about':
    'Which rule a question meets and who answers it, by the rules in the editor. Nothing is really asked.',
  'route.try.question': 'A visitor’s question',
  'route.try.ph': 'For example: I want to return it',
  'route.try.site': 'Site',
  'route.try.site.any': 'The first site',
  'route.try.identified': 'The visitor is known',
  'route.try.identified.about': 'The site has vouched for the visitor',
  'route.try.go': 'Look',
  'route.try.rule': 'Rule {n}',
  'route.try.default': 'The default',
  'route.try.file': 'Rule {n} of the installation',
  'route.try.file.default': 'The default of the installation',
  'route.try.site.rule': 'No rule matches: the site’s own engine',
  'route.try.person': 'A person',
  'route.try.chain': 'Who is asked, in this order',
  'route.try.why': 'Why',
  'route.history': 'History',
  'route.version': 'Version {n}',
  'route.now': 'In place',
  'route.restores': 'restored from version {n}',
  'route.by': '{name}, {at}',
  'route.nobody': 'somebody who left',
  'route.look': 'Look',
  'route.past': 'Version {n}',
  'route.past.about': '{name}, {at}',
  'route.back': 'Put it back in place',
  'route.empty': '(empty)',
  'route.sample': `rules:
  - name: returns
    pattern: "(?i)return|refund|exchange"
    ai_engine: knowledge
  - name: complaints go to a person
    pattern: "(?i)complain"
    handoff: true
`,
};
